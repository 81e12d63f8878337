import type { Call } from './calls.mts';
import type { Fault } from './kinds.mts';

/** What a user sees of a run: its results, or an error that says what failed and what to do. */
export type Outcome = 'healed' | 'told';

/** How often a fault is met. */
export type Times = 'always' | 'once';

/** What the rules of the design demand of a run whose call meets a fault. */
export function demanded(call: Call, fault: Fault, times: Times): Outcome {
	return call.isAfterFailure ? 'told' : ofCall(call, fault, times);
}

/** What they demand of the call itself. */
export function ofCall(call: Call, fault: Fault, times: Times): Outcome {
	if (fault.nature === 'harmless') return 'healed';
	if (call.isReadBeforePaying && fault.name === 'unknown status') return 'told';
	switch (call.repeat) {
		case 'always':
			return healsByAnotherTry(call, fault) && times === 'once' ? 'healed' : 'told';
		case 'ifNotDone':
			return fault.nature === 'passing' && fault.surelyNotDone && times === 'once' ? 'healed' : 'told';
		case 'paid':
			// Never sent again; what arrived is seen by its state.
			return fault.done ? 'healed' : 'told';
		case 'never':
			return 'told';
	}
}

function healsByAnotherTry({ to }: Call, { nature, name }: Fault): boolean {
	// A link that is refused is replaced by a fresh one.
	return nature !== 'lasting' || (to === 'storage' && name === '403');
}
