import type { FaultRule, Settings } from '../../../sandbox/sandboxControl.mts';

export type IfNameExists = 'fail' | 'useExisting' | 'addTimestamp';
export type IfAlreadyStarted = 'skip' | 'fail' | 'startAgain';

/** Two RAW profiles of the sandbox. */
export type ProfileKey = 196 | 254;

/** How a workflow gets at its project: creates it, or is given it by name or by the ID that an earlier run gave. */
export type FindProject = `create, ${IfNameExists}` | 'by name' | 'by id';

export interface StartOrder {
	ifAlreadyStarted: IfAlreadyStarted;
	profile: ProfileKey;
	/** Export When Done. */
	exports: boolean;
	/** When Finished: Pause Until Imagen Is Done. Wait for edit then pauses the execution. */
	resumes: boolean;
}

/** The nodes of a workflow in a row; each can be left out. */
export interface NodesInARow {
	kind: 'row';
	find: FindProject;
	uploads: boolean;
	starts: StartOrder[];
	waits: boolean;
	downloads: boolean;
	exports: { ifAlreadyStarted: IfAlreadyStarted; waits: boolean; downloads: boolean } | null;
}

/** One Shoot node. */
export interface ShootNode {
	kind: 'shoot';
	find: `create, ${IfNameExists}`;
	start: StartOrder;
	results: 'edited' | 'exported' | 'both' | 'none';
}

/** What happens while an execution runs. */
export type Happening =
	| { kind: 'fault'; rule: FaultRule }
	/** The user stops the execution. */
	| { kind: 'stop'; atRequest: number }
	/** n8n ends without warning at one of the requests, which still arrives or does not. */
	| { kind: 'kill'; atRequest: number; arrives: boolean }
	/** Somebody else creates a project of the wanted name. */
	| { kind: 'stranger'; atRequest: number; state: StrangerState };

/** How far somebody else's project has got. */
export type StrangerState = 'empty' | 'uploaded' | 'editing' | 'edited';

export interface Execution {
	nodes: NodesInARow | ShootNode;
	projectName: 'Anna' | 'Ben';
	/** Photos of one name on two cards are two photos. */
	photos: { card: 'A' | 'B'; numbers: number[] };
	workflow: 1 | 2;
	account: 1 | 2;
	/** Retry On Fail, in all nodes. */
	retriesOnFail: boolean;
	/** Upload and Shoot continue on errors. */
	continues: boolean;
	byHand: boolean;
	happenings: Happening[];
}

export type Command =
	| { kind: 'run'; execution: Execution }
	| { kind: 'runTwo'; executions: [Execution, Execution] }
	/** n8n's retry of the last execution that failed. */
	| { kind: 'retry'; happenings: Happening[] }
	/** n8n starts anew: what the process knew is gone. */
	| { kind: 'restart' }
	| { kind: 'pass'; minutes: number }
	| { kind: 'stranger'; projectName: 'Anna' | 'Ben'; state: StrangerState };

/** How Imagen behaves throughout a history. */
export interface Weather {
	/** What differs from the sandbox's own settings. */
	settings: Partial<Settings>;
}

/** What users do and what goes wrong, one after the other. */
export interface History {
	weather: Weather;
	commands: Command[];
}
