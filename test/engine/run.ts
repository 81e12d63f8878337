import { WorkflowExecute } from 'n8n-core';
import { UserError } from 'n8n-workflow';
import type {
	ExecutionError,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRun,
	IWorkflowSettings,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { SavedCredential } from './credentials';
import { type BinaryMode, useBinaryMode } from './host';
import { type InputItem, nodeTypes, passThroughNode, startNode } from './nodes';
import { createAdditionalData, createWorkflow, type WorkflowJson } from './workflow';

interface Surroundings {
	/** Items that enter the workflow; one empty item unless told. */
	items?: InputItem[];
	/** Credentials the user saved; each node that asks for one of these types gets it. */
	credentials?: SavedCredential[];
	/** File system unless told. */
	binaryMode?: BinaryMode;
	/** Stops the execution, as the editor's stop button does. */
	abortSignal?: AbortSignal;
	/** What started the execution: 'trigger' (production) unless told. */
	mode?: WorkflowExecuteMode;
}

export interface WorkflowOptions extends Surroundings {
	/** Node types by full name; n8n's Manual Trigger and No Operation are there already. */
	nodeTypes: Record<string, INodeType>;
}

export interface WorkflowResult {
	/** The execution as n8n records it. */
	run: IRun;
	/** The error of the execution's last node, as n8n saves it. */
	error?: ExecutionError;
	/** What a node gave out in its last run: its outputs, each a list of items. */
	output(nodeName: string): INodeExecutionData[][];
}

type NodeSettings = Pick<
	INode,
	'onError' | 'continueOnFail' | 'retryOnFail' | 'maxTries' | 'executeOnce' | 'alwaysOutputData'
>;

export interface NodeOptions extends Surroundings, NodeSettings {
	node: INodeType;
	parameters?: INodeParameters;
	/** Settings of the workflow, such as its timezone. */
	settings?: IWorkflowSettings;
}

export interface NodeResult extends Pick<WorkflowResult, 'run' | 'error'> {
	/** The node's outputs, each a list of items; with `onError: 'continueErrorOutput'` the error output is the last. */
	output: INodeExecutionData[][];
}

const START = 'Start';
const NODE = 'Node';
const START_TYPE = 'n8n-nodes-base.manualTrigger';

/** Runs a workflow on n8n's engine, from the node that nothing leads to. */
export async function runWorkflow(
	json: WorkflowJson,
	{
		nodeTypes: types,
		items = [{ json: {} }],
		credentials = [],
		binaryMode = 'filesystem',
		abortSignal,
		mode = 'trigger',
	}: WorkflowOptions,
): Promise<WorkflowResult> {
	await useBinaryMode(binaryMode);
	const known = nodeTypes({
		[START_TYPE]: startNode(items),
		'n8n-nodes-base.noOp': passThroughNode,
		...types,
	});
	const workflow = createWorkflow(json, known, credentials);
	const engine = new WorkflowExecute(createAdditionalData(mode, credentials), mode);
	const execution = engine.run({ workflow, startNode: firstNode(workflow) });
	abortSignal?.addEventListener('abort', () => execution.cancel());

	const run = await execution;
	const { error, runData } = run.data.resultData;
	return {
		run,
		error,
		output: (nodeName) => (runData[nodeName]?.at(-1)?.data?.main ?? []).map((output) => output ?? []),
	};
}

/** Runs one node on `items`, on n8n's engine. */
export async function runNode({ node, parameters, settings, ...options }: NodeOptions): Promise<NodeResult> {
	const { onError, continueOnFail, retryOnFail, maxTries, executeOnce, alwaysOutputData, ...rest } = options;
	const nodeSettings = { onError, continueOnFail, retryOnFail, maxTries, executeOnce, alwaysOutputData };
	const json: WorkflowJson = {
		nodes: [
			createNode({ name: START, type: START_TYPE }),
			createNode({
				name: NODE,
				type: NODE,
				typeVersion: latestVersion(node),
				parameters,
				waitBetweenTries: 1,
				...nodeSettings,
			}),
		],
		connections: { [START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		settings,
	};
	const { run, error, output } = await runWorkflow(json, { ...rest, nodeTypes: { [NODE]: node } });
	return { run, error, output: output(NODE) };
}

function createNode({ parameters = {}, ...node }: Partial<INode> & Pick<INode, 'name' | 'type'>): INode {
	return { id: node.name, typeVersion: 1, position: [0, 0], parameters, ...node };
}

function latestVersion({ description: { version, defaultVersion } }: INodeType): number {
	return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
}

function firstNode(workflow: Workflow): INode {
	const first = Object.values(workflow.nodes).find(
		({ name }) => !workflow.connectionsByDestinationNode[name],
	);
	if (first === undefined) throw new UserError('The workflow has no node to start from');
	return first;
}
