import { PollContext } from 'n8n-core';
import { UserError } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	Workflow,
} from 'n8n-workflow';

import type { SavedCredential } from './credentials';
import { type BinaryMode, useBinaryMode } from './host';
import { nodeTypes } from './nodes';
import { callWebhook, type WebhookAnswer, type WebhookCall } from './webhook';
import { createAdditionalData, createWorkflow } from './workflowJson';

export interface TriggerOptions {
	node: INodeType;
	parameters?: INodeParameters;
	credentials?: SavedCredential[];
	/** The file system by default. */
	binaryMode?: BinaryMode;
}

/** A trigger node in an active workflow. */
export interface ActiveTrigger {
	/** Delivers a request to the trigger's webhook; `items` are what an execution starts with, if one does. */
	call(call: WebhookCall, test?: 'test'): Promise<{ answer?: WebhookAnswer; items?: INodeExecutionData[] }>;
	/** Lets a polling trigger poll once; the items that an execution starts with, or null. */
	poll(): Promise<INodeExecutionData[] | null>;
	/** A poll by hand, from the editor: n8n stores nothing of it. */
	pollByHand(): Promise<INodeExecutionData[] | null>;
	/** What n8n has stored of the workflow's static data, as JSON. */
	stored(): string | undefined;
	/** Ends n8n and starts it again: only what the workflow has stored is left. */
	restart(): void;
	/** Saves the workflow with other parameters or credentials, and so activates it again. */
	change(changed: Pick<TriggerOptions, 'parameters' | 'credentials'>): void;
}

const NODE = 'Trigger';

/** Puts a trigger into an active workflow of its own. */
export async function activate(initial: TriggerOptions): Promise<ActiveTrigger> {
	await useBinaryMode(initial.binaryMode ?? 'filesystem');
	let options = initial;
	let stored: string | undefined;
	let isActivation = true;
	let running = load(options);
	const store = (workflow: Workflow) => {
		stored = JSON.stringify(workflow.staticData);
	};

	return {
		async call(call, test) {
			// n8n loads the workflow for each call of a webhook, and stores what the node kept.
			const workflow = load(options, stored);
			const mode = test ? 'manual' : 'webhook';
			const { answer, response } = await callWebhook(placeOf(workflow, options, mode), call);
			if (!test && workflow.staticData.__dataChanged) store(workflow);
			return { answer, items: response.workflowData?.[0] };
		},
		async poll() {
			const items = await look(running, options, 'trigger');
			// n8n stores after the poll that activates the workflow, and whenever an execution starts.
			if (isActivation || items) store(running);
			isActivation = false;
			return items;
		},
		pollByHand: async () => await look(load(options, stored), options, 'manual'),
		stored: () => stored,
		restart() {
			running = load(options, stored);
		},
		change(changed) {
			options = { ...options, ...changed };
			running = load(options, stored);
			isActivation = true;
		},
	};
}

function load({ node, parameters = {}, credentials = [] }: TriggerOptions, stored?: string): Workflow {
	const json = {
		nodes: [{ id: NODE, name: NODE, type: NODE, typeVersion: 1, position: [0, 0], parameters } as INode],
		connections: {},
		staticData: stored === undefined ? undefined : (JSON.parse(stored) as IDataObject),
	};
	return createWorkflow(json, nodeTypes({ [NODE]: node }), credentials);
}

function placeOf(
	workflow: Workflow,
	{ credentials = [] }: TriggerOptions,
	mode: 'manual' | 'trigger' | 'webhook',
) {
	const additionalData = createAdditionalData(mode, credentials);
	return { workflow, node: workflow.nodes[NODE], additionalData, mode };
}

async function look(workflow: Workflow, options: TriggerOptions, mode: 'manual' | 'trigger') {
	const { node, additionalData } = placeOf(workflow, options, mode);
	if (options.node.poll === undefined) throw new UserError('The node does not poll');
	const context = new PollContext(
		workflow,
		node,
		additionalData,
		mode,
		mode === 'manual' ? mode : 'activate',
	);
	const output = await options.node.poll.call(context);
	return output && output[0];
}
