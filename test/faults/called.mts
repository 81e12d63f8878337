import type { FaultRule } from '../../sandbox/control.mts';
import type { Times } from './rules.mts';

/** What may go wrong with a callback, and while the API is asked whether it is true. */
export interface CallFault {
	name: string;
	times: Times;
	rule: FaultRule;
	/** Whether a trigger starts its workflow all the same; else nobody is misled, and whoever asks gets the photos. */
	starts: boolean;
	/** What the user of a parked Wait sees: for an answer that never comes, an error, and the photos later. */
	resumes: 'healed' | 'told';
}

const ofCall = (name: string, kind: FaultRule['kind'], starts = true): CallFault => ({
	name,
	times: 'once',
	rule: { kind, call: 'callback', seconds: 0.2 },
	starts,
	resumes: 'healed',
});

const ofStatus = (
	name: string,
	rule: Omit<FaultRule, 'call'>,
	nature: 'harmless' | 'lasting' | 'passing',
): CallFault[] =>
	(['once', 'always'] as const).map((times) => ({
		name: `${name} the status`,
		times,
		rule: { ...rule, call: 'editStatus', times: times === 'once' ? 1 : 'always' },
		starts: nature === 'harmless' || (nature === 'passing' && times === 'once'),
		resumes: nature === 'harmless' || times === 'once' ? 'healed' : 'told',
	}));

export const callFaults: CallFault[] = [
	ofCall('early', 'callbackEarly'),
	ofCall('late', 'callbackLate'),
	ofCall('doubled', 'callbackDoubled'),
	ofCall('forged', 'callbackForged'),
	ofCall('lost', 'callbackLost', false),
	...ofStatus('reset before', { kind: 'resetBefore' }, 'passing'),
	...ofStatus('503 for', { kind: 'status', status: 503 }, 'passing'),
	...ofStatus('HTML for', { kind: 'html' }, 'passing'),
	...ofStatus('unwrapped:', { kind: 'unwrapped' }, 'harmless'),
	...ofStatus('redirect for', { kind: 'redirect' }, 'lasting'),
	...ofStatus('401 for', { kind: 'status', status: 401 }, 'lasting'),
];

/** A title for each cell. */
export const titleOf = ({ name, times }: CallFault, photos: number) =>
	`${name} ${times}, ${photos === 1 ? '1 photo' : `${photos} photos`}`;

/** Somebody else's call is to be turned away. */
export const notRefused = ({ name }: CallFault, statuses: unknown[]) =>
	name === 'forged' && !statuses.includes(401) ? ['a forged call was not refused'] : [];
