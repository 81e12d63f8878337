import type { FaultRule } from '../../../sandbox/control.mts';
import type { Chance } from '../../../sandbox/faults/rules.mts';
import { calls, type Call } from '../calls.mts';
import { faultsOf, type Fault, type Misroute } from '../kinds.mts';
import { Dice } from './seededRandom.mts';

/** Of all requests, so many never get to Imagen, and so many meet a fault there: 5 % together. */
const MISROUTED = 0.005;
const DISTURBED = 0.045;
/** Callbacks are few: one for each edit. */
const CALLBACKS_DISTURBED = 0.5;

/** A network that never heals is rarer than one that does; else nothing would ever come through. */
const weightOf = ({ nature }: Fault) => (nature === 'lasting' ? 1 : 20);

const ofCallbacks = (
	['callbackEarly', 'callbackLate', 'callbackDoubled', 'callbackForged', 'callbackLost'] as const
).map((kind): FaultRule => ({ kind, call: 'callback', seconds: 1 }));

/** What goes wrong at Imagen, by chance, and how often it did. */
export class Mishaps {
	readonly met = new Map<string, number>();
	/** How many of all requests might have met one. */
	requests = 0;
	readonly #dice: Dice;
	readonly #projects = new Map<string, number>();
	#isOn = false;

	constructor(seed: number) {
		this.#dice = new Dice(seed);
	}

	begin(): void {
		this.#isOn = true;
	}

	end(): void {
		this.#isOn = false;
	}

	/** For the sandbox. */
	readonly chance: Chance = (stage, { call, projectUuid = '', fileName = '' }) => {
		if (!this.#isOn || call === undefined || stage === 'job') return undefined;
		this.requests += 1;
		const name = [call, this.#numberOf(projectUuid), fileName];
		if (stage === 'callback') {
			if (this.#dice.roll(...name) >= CALLBACKS_DISTURBED) return undefined;
			const rule = this.#dice.choose(ofCallbacks, () => 1, ...name);
			return this.#count(rule.kind, rule);
		}
		if (this.#dice.roll(...name) >= DISTURBED) return undefined;
		const known = (calls as Record<string, Call>)[call];
		if (!known) return undefined;
		const faults = faultsOf(known).filter(({ rule }) => rule);
		const { name: fault, rule } = this.#dice.choose(faults, weightOf, ...name);
		return this.#count(fault, { ...rule!, call, key: known.key });
	};

	#count(name: string, rule: FaultRule): FaultRule {
		this.met.set(name, (this.met.get(name) ?? 0) + 1);
		return rule;
	}

	/** Projects by their order: their IDs are others in each run. */
	#numberOf(uuid: string): number {
		if (!this.#projects.has(uuid)) this.#projects.set(uuid, this.#projects.size);
		return this.#projects.get(uuid)!;
	}
}

/** Which of n8n's requests get lost before they reach anybody. */
export function misroutes(seed: number): (call: string) => Misroute | undefined {
	const dice = new Dice(seed);
	const kinds: Misroute[] = ['refused', 'dns', 'tls'];
	return (call) =>
		dice.roll(call) < MISROUTED ? dice.choose(kinds, (kind) => (kind === 'tls' ? 1 : 20), call) : undefined;
}
