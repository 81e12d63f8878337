import type { NodeCall } from './nodeCalls.mts';
import type { Fault } from './faultCatalog.mts';

/** What a user sees of a run: its results, or an error that says what failed and what to do. */
export type Outcome = 'recovered' | 'reported';

/** How often a fault is met. */
export type Occurrence = 'always' | 'once';

/** The outcome of a run whose call meets a fault, by the rules of the design. */
export function expectedOutcome(call: NodeCall, fault: Fault, times: Occurrence): Outcome {
	return call.isAfterFailure ? 'reported' : expectedOutcomeOfCall(call, fault, times);
}

/** The outcome of the call itself. */
export function expectedOutcomeOfCall(call: NodeCall, fault: Fault, times: Occurrence): Outcome {
	if (fault.nature === 'harmless') return 'recovered';
	if (call.isToldByProject && ['404', 'missing key'].includes(fault.name)) return 'recovered';
	if (call.isOptional && fault.name === '404') return 'recovered';
	switch (call.repeat) {
		case 'always':
			return recoversByRetry(call, fault) && times === 'once' ? 'recovered' : 'reported';
		case 'ifNotDone':
			return fault.nature === 'passing' && fault.isCertainlyNotDone && times === 'once'
				? 'recovered'
				: 'reported';
		case 'paid':
			// Never sent again: the project's status shows whether it arrived.
			return fault.isDone ? 'recovered' : 'reported';
		case 'never':
			return 'reported';
	}
}

function recoversByRetry({ to, answers }: NodeCall, { nature, name }: Fault): boolean {
	// A list of results that is refused just after the end is waited for.
	if (answers === 'downloadLinks' && name === '404') return true;
	// A link that is refused is replaced by a new one.
	return nature !== 'lasting' || (to === 'storage' && name === '403');
}
