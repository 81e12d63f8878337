import type { CallName } from '../../sandbox/calls.mts';
import type { Misroute } from './kinds.mts';
import { Network } from './misroute.mts';
import type { Times } from './rules.mts';

/** A network that is asked for one kind of trouble at a time. */
export class Disturbance {
	#network?: Network;
	#order?: { kind: Misroute; call: CallName; left: number };
	#met = 0;

	static async open(): Promise<Disturbance> {
		const disturbance = new Disturbance();
		disturbance.#network = await Network.open((call) => disturbance.#take(call));
		return disturbance;
	}

	/** Leads requests of a call astray: the next one, or all. */
	disturb(kind: Misroute, call: CallName, times: Times): void {
		this.#order = { kind, call, left: times === 'once' ? 1 : Infinity };
		this.#met = 0;
	}

	/** Ends the disturbance. @returns how many requests it met */
	settle(): number {
		this.#order = undefined;
		const met = this.#met;
		this.#met = 0;
		return met;
	}

	close(): void {
		this.#network?.close();
	}

	#take(call: CallName): Misroute | undefined {
		const order = this.#order;
		if (order?.call !== call || order.left === 0) return undefined;
		order.left -= 1;
		this.#met += 1;
		return order.kind;
	}
}
