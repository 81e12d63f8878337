import type { FaultRule } from '../../../sandbox/sandboxControl.mts';
import type { Chance } from '../../../sandbox/faults/faultRules.mts';
import { nodeCalls, type NodeCall } from '../nodeCalls.mts';
import { faultsOf, type Fault, type NetworkFault } from '../faultCatalog.mts';
import { SeededRandom } from './seededRandom.mts';

/** The share of requests that never reach Imagen, and the share that meet a fault there: 5 % together. */
const NETWORK_FAULT_RATE = 0.005;
const FAULT_RATE = 0.045;
/** Higher, because there is only one callback for each edit. */
const CALLBACK_FAULT_RATE = 0.5;

/** Faults that no retry overcomes are rare: with many of them, no project would ever be finished. */
const weightOf = ({ nature }: Fault) => (nature === 'lasting' ? 1 : 20);

const callbackFaultRules = (
	['callbackEarly', 'callbackLate', 'callbackDoubled', 'callbackForged', 'callbackLost'] as const
).map((kind): FaultRule => ({ kind, call: 'callback', seconds: 1 }));

/** Injects faults into the sandbox by chance, and counts them. */
export class FaultInjector {
	readonly met = new Map<string, number>();
	/** How many requests could have met a fault. */
	requests = 0;
	readonly #random: SeededRandom;
	readonly #projects = new Map<string, number>();
	#isOn = false;

	constructor(seed: number) {
		this.#random = new SeededRandom(seed);
	}

	begin(): void {
		this.#isOn = true;
	}

	end(): void {
		this.#isOn = false;
	}

	/** The sandbox's option of the same name. */
	readonly chance: Chance = (stage, { call, projectUuid = '', fileName = '' }) => {
		if (!this.#isOn || call === undefined || stage === 'job') return undefined;
		this.requests += 1;
		const name = [call, this.#numberOf(projectUuid), fileName];
		if (stage === 'callback') {
			if (this.#random.next(...name) >= CALLBACK_FAULT_RATE) return undefined;
			const rule = this.#random.choose(callbackFaultRules, () => 1, ...name);
			return this.#count(rule.kind, rule);
		}
		if (this.#random.next(...name) >= FAULT_RATE) return undefined;
		const known = (nodeCalls as Record<string, NodeCall>)[call];
		if (!known) return undefined;
		const faults = faultsOf(known).filter(({ rule }) => rule);
		const { name: fault, rule } = this.#random.choose(faults, weightOf, ...name);
		return this.#count(fault, { ...rule!, call, key: known.key });
	};

	#count(name: string, rule: FaultRule): FaultRule {
		this.met.set(name, (this.met.get(name) ?? 0) + 1);
		return rule;
	}

	/** Numbers projects by their order, because their IDs differ from run to run. */
	#numberOf(uuid: string): number {
		if (!this.#projects.has(uuid)) this.#projects.set(uuid, this.#projects.size);
		return this.#projects.get(uuid)!;
	}
}

/** Decides which of n8n's requests fail before they reach Imagen. */
export function networkFaultsByChance(seed: number): (call: string) => NetworkFault | undefined {
	const random = new SeededRandom(seed);
	const kinds: NetworkFault[] = ['refused', 'dns', 'tls'];
	return (call) =>
		random.next(call) < NETWORK_FAULT_RATE
			? random.choose(kinds, (kind) => (kind === 'tls' ? 1 : 20), call)
			: undefined;
}
