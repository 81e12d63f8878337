import type {
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { SavedCredential } from './credentials';
import { start, type WorkflowResult } from './executeWorkflow';
import { type BinaryMode, useBinaryMode } from './host';
import { type InputItem, nodeTypes, passThroughNode, startNode } from './nodes';
import { nextExecutionId, type WorkflowJson } from './workflowJson';

interface Surroundings {
	/** Items that enter the workflow; one empty item by default. */
	items?: InputItem[];
	/** Credentials the user saved; each node that asks for one of these types gets it. */
	credentials?: SavedCredential[];
	/** The file system by default. */
	binaryMode?: BinaryMode;
	/** Stops the execution, as the editor's stop button does. */
	abortSignal?: AbortSignal;
	/** What started the execution: 'trigger' (production) by default. */
	mode?: WorkflowExecuteMode;
	/** The execution's id; a unique one by default. */
	executionId?: string;
	/** Where this n8n is reached; a public https address by default. */
	n8nUrl?: string;
}

export interface WorkflowOptions extends Surroundings {
	/** Node types by full name; n8n's Manual Trigger and No Operation are there already. */
	nodeTypes: Record<string, INodeType>;
}

type NodeSettings = Pick<
	INode,
	'onError' | 'continueOnFail' | 'retryOnFail' | 'maxTries' | 'executeOnce' | 'alwaysOutputData'
>;

export interface NodeOptions extends Surroundings, NodeSettings {
	node: INodeType;
	/** Full name of its type, where that matters. */
	type?: string;
	parameters?: INodeParameters;
	/** Settings of the workflow, such as its timezone. */
	settings?: IWorkflowSettings;
}

export interface NodeResult extends Pick<WorkflowResult, 'run' | 'error' | 'paused'> {
	/** The node's outputs, each a list of items; with `onError: 'continueErrorOutput'` the error output is the last. */
	output: INodeExecutionData[][];
}

const START = 'Start';
const NODE = 'Node';
const START_TYPE = 'n8n-nodes-base.manualTrigger';

/** Runs a workflow on n8n's engine, from the node without an input. */
export async function runWorkflow(
	json: WorkflowJson,
	{
		nodeTypes: types,
		items = [{ json: {} }],
		credentials = [],
		binaryMode = 'filesystem',
		abortSignal,
		mode = 'trigger',
		executionId: id = nextExecutionId(),
		n8nUrl,
	}: WorkflowOptions,
): Promise<WorkflowResult> {
	await useBinaryMode(binaryMode);
	const known = nodeTypes({
		[START_TYPE]: startNode(items),
		'n8n-nodes-base.noOp': passThroughNode,
		...types,
	});
	return await start({ id, json, types: known, credentials, mode, n8nUrl }, abortSignal);
}

/** Runs one node on `items`, on n8n's engine. */
export async function runNode({
	node,
	type = NODE,
	parameters,
	settings,
	...options
}: NodeOptions): Promise<NodeResult> {
	const { onError, continueOnFail, retryOnFail, maxTries, executeOnce, alwaysOutputData, ...rest } = options;
	const nodeSettings = { onError, continueOnFail, retryOnFail, maxTries, executeOnce, alwaysOutputData };
	const json: WorkflowJson = {
		nodes: [
			createNode({ name: START, type: START_TYPE }),
			createNode({
				name: NODE,
				type,
				typeVersion: latestVersion(node),
				parameters,
				waitBetweenTries: 1,
				...nodeSettings,
			}),
		],
		connections: { [START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		settings,
	};
	const { output, ...result } = await runWorkflow(json, { ...rest, nodeTypes: { [type]: node } });
	return { ...result, output: output(NODE) };
}

function createNode({ parameters = {}, ...node }: Partial<INode> & Pick<INode, 'name' | 'type'>): INode {
	return { id: node.name, typeVersion: 1, position: [0, 0], parameters, ...node };
}

function latestVersion({ description: { version, defaultVersion } }: INodeType): number {
	return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
}
