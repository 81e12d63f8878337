import { stringify } from 'flatted';
import type { IDataObject, INodeExecutionData, INodeParameters, WorkflowExecuteMode } from 'n8n-workflow';
import { Imagen } from '../../nodes/Imagen/Imagen.node.ts';
import { forgetRecentRecords } from '../../nodes/Imagen/memory/index.ts';
import type { CallName } from '../../sandbox/calls.mts';
import { rawProfile } from '../../sandbox/sandboxClient.mts';
import type { ProjectView, Settings } from '../../sandbox/sandboxControl.mts';
import { clearPauses } from '../faults/quickTime.mts';
import { API_KEY, Testbed } from '../faults/testbed.mts';
import { outputsOf, requireDescribed } from '../package/schemas/outputs.mts';
import {
	expressionNode,
	photo,
	readBinary,
	runWorkflow,
	type InputItem,
	type SavedCredential,
	type WorkflowJson,
	type WorkflowResult,
} from '../support/engine/index.ts';
import { byId, NODE_TYPE } from '../support/imagen.ts';
import { photoBytes } from '../support/photoBytes.ts';
import { shootParameters } from '../support/shootParameters.ts';
import { batchesNode } from './batches.mts';

/** A node of a workflow. Each follows the one before. */
export interface Step {
	name: string;
	operation: `${string}.${string}` | typeof EXPRESSION;
	parameters?: INodeParameters;
	/** As in the node's settings. */
	settings?: {
		onError?: 'continueErrorOutput' | 'continueRegularOutput';
		retryOnFail?: boolean;
		maxTries?: number;
	};
	/** The node whose output it takes, where that is not the one before. */
	after?: string;
	/** Whether it is deactivated, so that n8n passes its input on. */
	disabled?: boolean;
}

interface RunOptions {
	mode?: WorkflowExecuteMode;
	executionId?: string;
	/** How many items the first node gets at a time, as in a loop; all at once if left out. */
	batchSize?: number;
	/** Which of the workflows of this n8n it is. */
	workflow?: string;
	/** Where this n8n is reached. */
	n8nUrl?: string;
	/** Where the API is reached, if not directly. */
	apiUrl?: string;
	/** Whether the output schemas are made of its outputs, which need not fit them then. */
	makesSchemas?: boolean;
}

/** What came of an execution. */
export class Ended {
	constructor(readonly result: WorkflowResult) {}

	/** The words of the error that has ended it, with what to do about it; empty where it ended well. */
	get words(): string {
		const { error } = this.result;
		return error ? [error.message, error.description].join('\n') : '';
	}

	items(step: string, output = 0): INodeExecutionData[] {
		return this.result.output(step)[output] ?? [];
	}

	/** What a node gave, in its last run. Output 1 is that of errors. */
	json(step: string, output = 0): IDataObject[] {
		return this.items(step, output).map(({ json }) => json);
	}

	/** The errors among the items of a node, wherever they left. */
	errors(step: string): string[] {
		return [...this.json(step), ...this.json(step, 1)].flatMap(({ error }) => (error ? [String(error)] : []));
	}

	/** The files of a node's items, by their names. */
	async files(step: string): Promise<Map<string, Buffer>> {
		const files = new Map<string, Buffer>();
		for (const { json, binary } of this.items(step)) {
			if (binary?.data) files.set(String(json.file_name), await readBinary(binary.data));
		}
		return files;
	}

	/** How often a node has run, its tries not counted. */
	runsOf(step: string): number {
		return this.result.run.data.resultData.runData[step]?.length ?? 0;
	}
}

/** A studio: an account at Imagen, and an n8n with workflows, which keep their static data. */
export class Studio {
	#staticData = new Map<string, IDataObject>();

	static async open(): Promise<Studio> {
		return new Studio(await Testbed.open());
	}

	private constructor(private readonly testbed: Testbed) {}

	get client() {
		return this.testbed.client;
	}

	get control() {
		return this.testbed.control;
	}

	async close(): Promise<void> {
		await this.testbed.close();
	}

	/** A new account, and a new n8n. */
	async begin(settings: Partial<Settings> = {}): Promise<void> {
		await this.testbed.clear();
		await this.control.set(settings);
		this.#staticData.clear();
		forgetRecentRecords();
		clearPauses();
	}

	/** Ends n8n and starts it again: only what the workflow has stored is left. */
	restart(): void {
		forgetRecentRecords();
	}

	/** Runs a workflow on n8n's engine. Its static data is read at the begin, and stored at the end, but not after a run by hand. */
	async run(steps: Step[], items: InputItem[], options: RunOptions = {}): Promise<Ended> {
		const { batchSize, apiUrl, makesSchemas, mode = 'trigger', workflow: id = 'workflow', ...rest } = options;
		const batches = batchSize ? Math.ceil(items.length / batchSize) : 0;
		const staticData = structuredClone(this.#staticData.get(id) ?? {});
		const result = await runWorkflow(
			{ ...workflowOf(steps, batches), id, staticData },
			{
				nodeTypes: {
					[NODE_TYPE]: new Imagen(),
					[BATCHES]: batchesNode(batches, batchSize ?? 1),
					[EXPRESSION]: expressionNode,
				},
				credentials: [this.#credential(apiUrl)],
				items,
				mode,
				...rest,
			},
		);
		if (mode !== 'manual') this.#staticData.set(id, JSON.parse(JSON.stringify(staticData)) as IDataObject);
		expect(stringify([result.run, result.error?.stack])).not.toContain(API_KEY);
		if (!makesSchemas) requireDescribed(outputsOf(steps, result));
		return new Ended(result);
	}

	#credential(apiUrl?: string): SavedCredential {
		const { credential } = this.testbed;
		return apiUrl ? { ...credential, data: { ...credential.data, customUrl: apiUrl } } : credential;
	}

	/** The names of the photos in a project. */
	async photoNames(project: string): Promise<string[]> {
		return (await this.project(project)).photos.map(({ file_name: name }) => name).sort();
	}

	async project(name: string): Promise<ProjectView> {
		const found = (await this.control.projects()).find((project) => project.name === name);
		if (!found) throw new Error(`The account has no project '${name}'`);
		return found;
	}

	/** How often a call was made since the account is there, or since the last `control.clearRequests`. */
	async requests(...calls: CallName[]): Promise<number> {
		const log = await this.control.requests();
		return log.filter(({ call }) => calls.some((name) => name === call)).length;
	}

	/** What was billed: edits, photos edited, exports. */
	async bill(): Promise<{ edits: number; photos: number; exports: number }> {
		const { edits, photos, exports } = await this.control.billing();
		return { edits, photos, exports };
	}

	/** The results of a project's last edit, or export, as Imagen has them. */
	async resultsOf(name: string, job: 'edit' | 'export' = 'edit'): Promise<Map<string, Buffer>> {
		const { project_uuid: uuid, editing_flow: flow } = await this.project(name);
		return flow === 'I2I' ? await this.client.downloadSmart(uuid) : await this.client.download(uuid, job);
	}
}

/** Opens a studio for the tests of a file. */
export function useStudio(settings: Partial<Settings> = {}): Studio {
	let studio: Studio | undefined;
	beforeAll(async () => {
		studio = await Studio.open();
	}, 60_000);
	beforeEach(async () => await studio?.begin(settings));
	afterAll(async () => await studio?.close());
	return new Proxy({} as Studio, {
		get: (_target, name) => {
			const value: unknown = Reflect.get(studio!, name, studio);
			return typeof value === 'function' ? (value.bind(studio) as unknown) : value;
		},
	});
}

const BATCHES = 'batches';
const EXPRESSION = 'expression';

function workflowOf(steps: Step[], batches: number): WorkflowJson {
	const start = plainNode('Photos', 'n8n-nodes-base.manualTrigger');
	const connections: WorkflowJson['connections'] = {};
	const connect = (from: string, output: number, to: string) => {
		const outputs = (connections[from] ??= { main: [] }).main;
		(outputs[output] ??= []).push({ node: to, type: 'main', index: 0 });
	};
	for (const [index, { name, after }] of steps.entries()) {
		const before = after ?? steps[index - 1]?.name;
		if (before) connect(before, 0, name);
	}
	const first = steps[0].name;
	if (batches === 0) {
		connect(start.name, 0, first);
		return { nodes: [start, ...steps.map(nodeOf)], connections };
	}
	// n8n goes through branches from top to bottom.
	const names = Array.from({ length: batches }, (_, batch) => `Batch ${batch + 1}`);
	const between = names.map((name, y) => ({ ...plainNode(name, 'n8n-nodes-base.noOp', y * 100) }));
	connect(start.name, 0, 'Batches');
	for (const [batch, name] of names.entries()) {
		connect('Batches', batch, name);
		connect(name, 0, first);
	}
	return { nodes: [start, plainNode('Batches', BATCHES), ...between, ...steps.map(nodeOf)], connections };
}

const plainNode = (name: string, type: string, y = 0) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, y] as [number, number],
	parameters: {},
});

function nodeOf({ name, operation, parameters, settings, disabled }: Step) {
	const [resource, action] = operation.split('.');
	return {
		...plainNode(name, operation === EXPRESSION ? EXPRESSION : NODE_TYPE),
		parameters: { resource, operation: action, ...parameters },
		waitBetweenTries: 1,
		disabled,
		...settings,
	};
}

/** Photos as n8n has them, each with bytes of its own. */
export function photos(...names: string[]): InputItem[] {
	return names.map((name) => photo(name, bytesOf(name)));
}

const bytesOf = (name: string) => photoBytes(name, `photo ${name}\n`.padEnd(300, '\0')).subarray(0, 300);

/** The photos that an error names as not in the edit, in whichever order they had arrived; none for another error. */
export function lateNames(words: string): string[] {
	const [, list = ''] = /^\d+ photos? (?:is|are) not in the edit [^:]*: (.*)\n/.exec(words) ?? [];
	return [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name).sort();
}

/** The names of files in their order. */
export const namesOf = (files: Map<string, Buffer>): string[] => [...files.keys()].sort();

/** The profile of projects that the sandbox makes as somebody else's. */
export const otherProfile = 218401;

const PATIENCE = { timeoutMinutes: 60 };

type Flow = 'I2I' | 'REGULAR';

/** Both editing flows. */
export const FLOWS = ['REGULAR', 'I2I'] as const;

/** Settings of a node: to go on with an error as an item, or on the error output. */
export const continuing = { onError: 'continueRegularOutput' } as const;
export const errorOutput = { onError: 'continueErrorOutput' } as const;
export const retrying = { retryOnFail: true, maxTries: 3 } as const;

export const create = (
	name: string,
	{ flow = 'REGULAR', ifNameExists = 'useExisting', settings }: CreateOptions = {},
): Step => ({
	name: 'Create',
	operation: 'project.create',
	parameters: { name, editingFlow: flow, ifNameExists },
	settings,
});

interface CreateOptions extends Pick<Step, 'settings'> {
	flow?: Flow;
	ifNameExists?: string;
}

/** A node that gives what an expression comes to for each item. */
export const expression = (name: string, text: string): Step => ({
	name,
	operation: EXPRESSION,
	parameters: { expression: `={{ ${text} }}` },
});

export const upload = (step: Partial<Step> = {}): Step => ({
	name: 'Upload',
	operation: 'photo.upload',
	...step,
});

interface StartOptions extends Pick<Step, 'after' | 'settings'> {
	name?: string;
	flow?: Flow;
	profile?: number;
	tools?: INodeParameters;
	options?: INodeParameters;
	project?: INodeParameters;
	whenFinished?: string;
}

export const start = ({
	name = 'Start',
	flow = 'REGULAR',
	profile = rawProfile,
	tools = {},
	options = {},
	project,
	whenFinished = 'doNothing',
	...rest
}: StartOptions = {}): Step => ({
	name,
	operation: 'edit.start',
	parameters: {
		editingFlow: flow,
		...(flow === 'REGULAR' && { profile: byId(profile) }),
		[flow === 'I2I' ? 'smartTools' : 'aiTools']: tools,
		options,
		whenFinished,
		...(project && { project }),
	},
	...rest,
});

interface JobOptions extends Pick<Step, 'after' | 'settings'> {
	options?: INodeParameters;
	waitBy?: string;
}

const jobStep =
	(name: string, operation: Step['operation']) =>
	({ options, waitBy, ...rest }: JobOptions = {}): Step => ({
		name,
		operation,
		parameters: { ...(waitBy && { waitBy }), options: { ...PATIENCE, ...options } },
		...rest,
	});

export const wait = jobStep('Wait', 'edit.wait');
export const download = jobStep('Download', 'edit.download');
export const exportStart = jobStep('Export Start', 'export.start');
export const exportWait = jobStep('Export Wait', 'export.wait');
export const exportDownload = jobStep('Export Download', 'export.download');

/** Asks for a version of each photo of a project. */
export const retouch: Step = {
	name: 'Retouch',
	operation: 'retouch.applyInstruction',
	parameters: { photos: 'all', instruction: 'Brighter' },
};
export const finalize: Step = { name: 'Finalize', operation: 'retouch.finalize' };

/** From the project's name to its results, each step by a node. */
export const nodesInARow = (name: string, startOptions: StartOptions = {}): Step[] => {
	const { flow } = startOptions;
	return [create(name, { flow }), upload(), start(startOptions), wait(), download()];
};

interface ShootOptions extends Pick<Step, 'settings'> {
	flow?: Flow;
	profile?: number;
	results?: string;
	tools?: INodeParameters;
	options?: INodeParameters;
}

/** The same by one node. */
export const shoot = (
	projectName: string,
	{
		flow = 'REGULAR',
		profile = rawProfile,
		results = 'edited',
		tools = {},
		options,
		settings,
	}: ShootOptions = {},
): Step => ({
	name: 'Shoot',
	operation: 'shoot.editPhotos',
	parameters: shootParameters({
		editingFlow: flow,
		...(flow === 'REGULAR' && { profile: byId(profile) }),
		[flow === 'I2I' ? 'smartResults' : 'results']: results,
		[flow === 'I2I' ? 'smartTools' : 'aiTools']: tools,
		options: { projectName, ifNameExists: 'useExisting', ...PATIENCE, ...options },
	}),
	settings,
});

/** What that node would do. */
export const preview = (projectName: string, options?: ShootOptions): Step => ({
	...shoot(projectName, options),
	operation: 'shoot.preview',
});
