import { callNames, type CallName, type Subject } from '../calls.mts';

/**
 * Every fault by name, with the stage at which it happens:
 * `wire` between the client and the server, `job` in an edit or export, `callback` when Imagen calls back.
 */
export const faultStages = {
	status: 'wire',
	resetBefore: 'wire',
	resetMidBody: 'wire',
	resetAfter: 'wire',
	hang: 'wire',
	stall: 'wire',
	html: 'wire',
	truncatedJson: 'wire',
	truncatedDownload: 'wire',
	wrongLength: 'wire',
	unwrapped: 'wire',
	missingKey: 'wire',
	upperCaseStatus: 'wire',
	unknownStatus: 'wire',
	uploadLinkKey: 'wire',
	emptyList: 'wire',
	expiredLinks: 'wire',
	redirect: 'wire',
	endsFailed: 'job',
	callbackEarly: 'callback',
	callbackLate: 'callback',
	callbackDoubled: 'callback',
	callbackForged: 'callback',
	callbackLost: 'callback',
} as const;

export type FaultKind = keyof typeof faultStages;
export type FaultStage = (typeof faultStages)[FaultKind];

/** The kinds that happen at a stage. */
export type FaultKindAt<Stage extends FaultStage> = {
	[Kind in FaultKind]: (typeof faultStages)[Kind] extends Stage ? Kind : never;
}[FaultKind];

/** Asks for a fault: its kind, the requests it is for, and what the kind needs to know. */
export interface FaultRule {
	kind: FaultKind;
	call: CallName;
	/** Only for this project. */
	project?: string;
	/** Only for this file (the storage's calls, `copilot`, `enhance` and `resetImage`). */
	fileName?: string;
	/** How many requests it meets; default 1. */
	times?: number | 'always';
	/** `status`, `html`, `redirect`: the status code. `expiredLinks`: the storage's; default 403. */
	status?: number;
	/** `status`, `html`: the body to send; default the API's (or the storage's) own for this status. */
	body?: unknown;
	/** `status`: the value of `Retry-After`, in seconds. */
	retryAfter?: number;
	/** `status`, `hang`: whether the request is carried out before the fault; default false for `status`, true for `hang`. */
	done?: boolean;
	/** `hang`, `stall`: until the connection is cut; default 600. `callbackLate`: the delay; default 2. */
	seconds?: number;
	/** `truncatedDownload`: whether the whole file's Content-Length is announced; default true. */
	contentLength?: boolean;
	/** `missingKey`: the key that is left out, wherever it occurs. */
	key?: string;
	/** `unknownStatus`: the status word; default `Queued`. */
	word?: string;
	/** `redirect`: where to; default the same path on another origin. */
	to?: string;
}

/** A rule whose kind happens at a stage. */
export type FaultAt<Stage extends FaultStage> = FaultRule & { kind: FaultKindAt<Stage> };

/** A rule in force, and how many requests it will still meet (null: all). */
export interface ActiveFault extends FaultRule {
	left: number | null;
}

/** Decides by chance which fault a request meets at a stage, if any. */
export type Chance = (stage: FaultStage, subject: Subject) => FaultRule | undefined;

/** The rules in force, first come first served: a request meets one fault at most per stage. */
export class Faults {
	#active: ActiveFault[] = [];
	readonly #chance: Chance;

	/** `chance` decides on requests that no rule is for. */
	constructor(chance: Chance = () => undefined) {
		this.#chance = chance;
	}

	/** Throws a TypeError for an unknown kind or call. */
	add(rule: FaultRule): void {
		if (!Object.hasOwn(faultStages, rule.kind)) throw new TypeError(`No fault "${rule.kind}"`);
		if (!callNames.includes(rule.call)) throw new TypeError(`No call "${rule.call}"`);
		const times = rule.times ?? 1;
		this.#active.push({ ...rule, left: times === 'always' ? null : times });
	}

	list(): ActiveFault[] {
		return this.#active;
	}

	clear(): void {
		this.#active = [];
	}

	/** The fault that this request meets at this stage, counted as met. */
	take<Stage extends FaultStage>(stage: Stage, subject: Subject): FaultAt<Stage> | undefined {
		const fault = this.#active.find((rule) => faultStages[rule.kind] === stage && isFor(rule, subject));
		if (fault?.left) fault.left -= 1;
		this.#active = this.#active.filter(({ left }) => left !== 0);
		return (fault ?? this.#chance(stage, subject)) as FaultAt<Stage> | undefined;
	}
}

function isFor(rule: FaultRule, { call, projectUuid, fileName }: Subject): boolean {
	return (
		rule.call === call &&
		(rule.project === undefined || rule.project === projectUuid) &&
		(rule.fileName === undefined || rule.fileName === fileName)
	);
}
