import type { FaultRule } from '../../sandbox/sandboxControl.mts';
import type { Occurrence } from './expectedOutcome.mts';

/** What may go wrong with a callback, or with the read of the status that has to confirm it. */
export interface CallbackFault {
	name: string;
	/** The same as a clause, for the title of a test. */
	condition: string;
	times: Occurrence;
	rule: FaultRule;
	/** Whether a trigger starts its workflow all the same. If not, a later download still gets the photos. */
	startsTrigger: boolean;
	/** What the user of a paused execution sees: an error where the status cannot be read, and the photos later. */
	outcomeForWait: 'recovered' | 'reported';
}

const callbackFault = (name: string, kind: FaultRule['kind'], startsTrigger = true): CallbackFault => ({
	name,
	condition: `the callback is ${name}`,
	times: 'once',
	rule: { kind, call: 'callback', seconds: 0.2 },
	startsTrigger,
	outcomeForWait: 'recovered',
});

const statusFaults = (
	name: string,
	rule: Omit<FaultRule, 'call'>,
	nature: 'harmless' | 'lasting' | 'passing',
): CallbackFault[] =>
	(['once', 'always'] as const).map((times) => ({
		name: `${name} the status`,
		condition: `its status check meets "${name} the status" ${times}`,
		times,
		rule: { ...rule, call: 'editStatus', times: times === 'once' ? 1 : 'always' },
		startsTrigger: nature === 'harmless' || (nature === 'passing' && times === 'once'),
		outcomeForWait: nature === 'harmless' || times === 'once' ? 'recovered' : 'reported',
	}));

export const callbackFaults: CallbackFault[] = [
	callbackFault('early', 'callbackEarly'),
	callbackFault('late', 'callbackLate'),
	callbackFault('doubled', 'callbackDoubled'),
	callbackFault('forged', 'callbackForged'),
	callbackFault('lost', 'callbackLost', false),
	...statusFaults('reset before', { kind: 'resetBefore' }, 'passing'),
	...statusFaults('503 for', { kind: 'status', status: 503 }, 'passing'),
	...statusFaults('HTML for', { kind: 'html' }, 'passing'),
	...statusFaults('unwrapped:', { kind: 'unwrapped' }, 'harmless'),
	...statusFaults('redirect for', { kind: 'redirect' }, 'lasting'),
	...statusFaults('401 for', { kind: 'status', status: 401 }, 'lasting'),
];

/** A forged callback has to be refused with 401. */
export const acceptedForgery = ({ name }: CallbackFault, statuses: unknown[]) =>
	name === 'forged' && !statuses.includes(401) ? ['a forged callback was not refused'] : [];
