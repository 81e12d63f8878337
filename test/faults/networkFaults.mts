import type { CallName } from '../../sandbox/calls.mts';
import type { NetworkFault } from './faultCatalog.mts';
import { RequestRerouter } from './requestRerouter.mts';
import type { Occurrence } from './expectedOutcome.mts';

/** Injects faults of the network, one kind at a time. */
export class NetworkFaults {
	#rerouter?: RequestRerouter;
	#order?: { kind: NetworkFault; call: CallName; left: number };
	#met = 0;

	static async open(): Promise<NetworkFaults> {
		const networkFaults = new NetworkFaults();
		networkFaults.#rerouter = await RequestRerouter.open((call) => networkFaults.#take(call));
		return networkFaults;
	}

	/** Has the next request of a call fail, or all of them. */
	inject(kind: NetworkFault, call: CallName, times: Occurrence): void {
		this.#order = { kind, call, left: times === 'once' ? 1 : Infinity };
		this.#met = 0;
	}

	/** Stops injecting. @returns how many requests met the fault */
	stop(): number {
		this.#order = undefined;
		const met = this.#met;
		this.#met = 0;
		return met;
	}

	close(): void {
		this.#rerouter?.close();
	}

	#take(call: CallName): NetworkFault | undefined {
		const order = this.#order;
		if (order?.call !== call || order.left === 0) return undefined;
		order.left -= 1;
		this.#met += 1;
		return order.kind;
	}
}
