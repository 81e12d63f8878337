import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { UserError, Workflow } from 'n8n-workflow';
import type {
	ExecutionError,
	IConnections,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRun,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { CredentialsInMemory, type SavedCredential } from './credentials';
import { type BinaryMode, useBinaryMode } from './host';
import { type InputItem, nodeTypes, passThroughNode, startNode } from './nodes';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

interface Surroundings {
	/** Items that enter the workflow; one empty item unless told. */
	items?: InputItem[];
	/** Credentials the user saved; each node that asks for one of these types gets it. */
	credentials?: SavedCredential[];
	binaryMode?: BinaryMode;
	/** Stops the execution, as the editor's stop button does. */
	abortSignal?: AbortSignal;
	mode?: WorkflowExecuteMode;
}

export interface WorkflowOptions extends Surroundings {
	/** Node types by full name; n8n's Manual Trigger and No Operation are there already. */
	nodeTypes: Record<string, INodeType>;
}

export interface WorkflowResult {
	/** The execution as n8n records it. */
	run: IRun;
	/** The error that ended the execution. */
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
	settings?: IWorkflowSettings;
}

export interface NodeResult {
	run: IRun;
	/** The error that ended the execution. */
	error?: ExecutionError;
	/** The node's outputs, each a list of items; with `onError: 'continueErrorOutput'` the error output comes last. */
	output: INodeExecutionData[][];
}

const START = 'Start';
const NODE = 'Node under test';
const WORKFLOW_ID = 'test-workflow';

let executions = 0;

/** Runs a workflow from the node that nothing leads to, on n8n's engine. */
export async function runWorkflow(json: WorkflowJson, options: WorkflowOptions): Promise<WorkflowResult> {
	await useBinaryMode(options.binaryMode ?? 'filesystem');
	const workflow = createWorkflow(json, options);
	const mode = options.mode ?? 'trigger';
	const engine = new WorkflowExecute(createAdditionalData(json, mode, options.credentials ?? []), mode);
	const execution = engine.run({ workflow, startNode: firstNode(workflow) });
	if (options.abortSignal?.aborted) execution.cancel();
	options.abortSignal?.addEventListener('abort', () => execution.cancel());

	const run = await execution;
	const { error, runData } = run.data.resultData;
	return {
		run,
		error,
		output: (nodeName) => (runData[nodeName]?.at(-1)?.data?.main ?? []).map((items) => items ?? []),
	};
}

/** Runs one node on `items`, on n8n's engine. */
export async function runNode({
	node,
	parameters = {},
	settings,
	...options
}: NodeOptions): Promise<NodeResult> {
	const { onError, continueOnFail, retryOnFail, maxTries, executeOnce, alwaysOutputData, ...rest } = options;
	const json: WorkflowJson = {
		nodes: [
			createNode(START, 'n8n-nodes-base.manualTrigger', {}),
			{
				...createNode(NODE, NODE, parameters),
				...{ onError, continueOnFail, retryOnFail, maxTries, executeOnce, alwaysOutputData },
				typeVersion: latestVersion(node),
				waitBetweenTries: 1,
			},
		],
		connections: { [START]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		settings,
	};
	const { run, error, output } = await runWorkflow(json, { ...rest, nodeTypes: { [NODE]: node } });
	return { run, error, output: output(NODE) };
}

/** A workflow the engine can run: every node carries the credentials its type asks for. */
export function createWorkflow(json: WorkflowJson, options: WorkflowOptions): Workflow {
	const types = nodeTypes({
		'n8n-nodes-base.manualTrigger': startNode(options.items ?? [{ json: {} }]),
		'n8n-nodes-base.noOp': passThroughNode,
		...options.nodeTypes,
	});
	const nodes = json.nodes.map((node) => {
		const { description } = types.getByNameAndVersion(node.type, node.typeVersion);
		return { ...structuredClone(node), credentials: pickCredentials(description, options.credentials ?? []) };
	});
	return new Workflow({
		id: WORKFLOW_ID,
		name: json.name,
		nodes,
		connections: json.connections,
		active: false,
		nodeTypes: types,
		settings: { executionOrder: 'v1', ...json.settings },
	});
}

/** What n8n adds to an execution: its id, its URLs, its credentials. */
export function createAdditionalData(
	json: WorkflowJson,
	mode: WorkflowExecuteMode,
	credentials: SavedCredential[],
): IWorkflowExecuteAdditionalData {
	const executionId = String(++executions);
	const url = 'http://n8n.test';
	return {
		executionId,
		credentialsHelper: new CredentialsInMemory(credentials),
		hooks: new ExecutionLifecycleHooks(mode, executionId, { ...json, id: WORKFLOW_ID } as never),
		currentNodeExecutionIndex: 0,
		variables: {},
		instanceBaseUrl: url,
		restApiUrl: `${url}/rest`,
		webhookBaseUrl: `${url}/webhook`,
		webhookTestBaseUrl: `${url}/webhook-test`,
		webhookWaitingBaseUrl: `${url}/webhook-waiting`,
		formWaitingBaseUrl: `${url}/form-waiting`,
		setExecutionStatus() {},
		logAiEvent() {},
	} as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData;
}

function createNode(name: string, type: string, parameters: INodeParameters): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
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

function pickCredentials({ credentials = [] }: INodeType['description'], saved: SavedCredential[]) {
	const wanted = saved.filter(({ type }) => credentials.some(({ name }) => name === type.name));
	return Object.fromEntries(wanted.map(({ type }) => [type.name, { id: type.name, name: type.displayName }]));
}
