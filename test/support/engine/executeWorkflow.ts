import { parse, stringify } from 'flatted';
import { WorkflowExecute } from 'n8n-core';
import { UserError } from 'n8n-workflow';
import type {
	ExecutionError,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeTypes,
	IRun,
	IRunExecutionData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { SavedCredential } from './credentials';
import { callWebhook, type WebhookAnswer, type WebhookCall } from './webhook';
import { createAdditionalData, createWorkflow, nextExecutionId, type WorkflowJson } from './workflowJson';

/** One execution of a workflow, with what n8n knows of it at any time. */
export interface Execution {
	id: string;
	json: WorkflowJson;
	types: INodeTypes;
	credentials: SavedCredential[];
	mode: WorkflowExecuteMode;
	/** Where this n8n is reached. */
	n8nUrl?: string;
}

export interface WorkflowResult {
	/** The execution as n8n records it. */
	run: IRun;
	/** The error of the execution's last node, as n8n saves it. */
	error?: ExecutionError;
	/** What a node gave out in its last run: its outputs, each a list of items. */
	output(nodeName: string): INodeExecutionData[][];
	/** The paused execution, if its last node has paused it. */
	paused?: PausedExecution;
	/** The workflow's static data as n8n saves it with the execution; undefined where it does not. */
	staticData?: IDataObject;
	/** Retries a failed execution from the node that failed, as n8n does: a new execution that goes on with the saved data. */
	retry(now?: Resumption): Promise<WorkflowResult>;
}

/** A paused execution in n8n's store. It stays there, so that any number of callbacks can come. */
export interface PausedExecution {
	executionId: string;
	/** When it resumes without a callback. */
	until: Date;
	/** Delivers a request for its resume URL to the node that has paused it; `resumed` if the execution resumes. */
	call(call: WebhookCall, now?: Resumption): Promise<{ answer?: WebhookAnswer; resumed?: WorkflowResult }>;
	/** Resumes as n8n does at the limit of the wait. */
	passLimit(now?: Resumption): Promise<WorkflowResult>;
}

/** What has changed in n8n since an execution was saved. */
export interface Resumption {
	/** The workflow's static data; by default what it was at the start of the execution. */
	staticData?: IDataObject;
}

/** Runs an execution from the node without an input. */
export async function start(execution: Execution, abortSignal?: AbortSignal): Promise<WorkflowResult> {
	const { workflow, additionalData } = surroundingsOf(execution);
	const engine = new WorkflowExecute(additionalData, execution.mode);
	const running = engine.run({ workflow, startNode: firstNode(workflow) });
	abortSignal?.addEventListener('abort', () => running.cancel());
	return toResult(execution, await running, workflow);
}

async function goOn(execution: Execution, data: IRunExecutionData): Promise<WorkflowResult> {
	const { workflow, additionalData } = surroundingsOf(execution);
	const engine = new WorkflowExecute(additionalData, execution.mode, data);
	return toResult(execution, await engine.processRunExecutionData(workflow), workflow);
}

function toResult(execution: Execution, run: IRun, workflow: Workflow): WorkflowResult {
	const { error, runData } = run.data.resultData;
	return {
		run,
		error,
		output: (nodeName) => (runData[nodeName]?.at(-1)?.data?.main ?? []).map((output) => output ?? []),
		paused: run.waitTill ? pausedExecution(execution, run) : undefined,
		staticData: savedStaticData(execution, workflow),
		retry: async (now) => await retry(execution, run, now),
	};
}

/** n8n saves the static data of an execution that has changed it, unless it was run by hand. */
function savedStaticData({ mode }: Execution, { staticData }: Workflow): IDataObject | undefined {
	if (mode === 'manual' || !staticData.__dataChanged) return undefined;
	return JSON.parse(JSON.stringify(staticData)) as IDataObject;
}

/** What n8n does to a failed execution before it retries it: the error goes, and the failed node will run once more. */
async function retry(execution: Execution, run: IRun, now?: Resumption): Promise<WorkflowResult> {
	const data = parse(stringify(run.data)) as IRunExecutionData;
	const { lastNodeExecuted, runData } = data.resultData;
	delete data.resultData.error;
	const runs = runData[lastNodeExecuted as string];
	if (runs.at(-1)?.error) runs.pop();
	return await goOn({ ...at(execution, now), id: nextExecutionId(), mode: 'retry' }, data);
}

/** The execution with the static data that its workflow has now. */
function at(execution: Execution, { staticData }: Resumption = {}): Execution {
	return staticData ? { ...execution, json: { ...execution.json, staticData } } : execution;
}

function pausedExecution(execution: Execution, run: IRun): PausedExecution {
	const stored = stringify(run.data);
	return {
		executionId: execution.id,
		until: new Date(run.waitTill as Date),
		async call(call, now) {
			const present = at(execution, now);
			const { workflow, additionalData } = surroundingsOf(present);
			const runExecutionData = awake(stored);
			const node = workflow.getNode(runExecutionData.resultData.lastNodeExecuted as string) as INode;
			const place = { workflow, node, additionalData, mode: execution.mode, runExecutionData };
			const { answer, response } = await callWebhook(place, call);
			if (response.workflowData === undefined) return { answer };
			pausedNode(runExecutionData).data.main = response.workflowData;
			return { answer, resumed: await goOn(present, runExecutionData) };
		},
		passLimit: async (now) => await goOn(at(execution, now), awake(stored)),
	};
}

/** What n8n does to a stored execution before it resumes: the paused node will only pass its input on. */
function awake(stored: string): IRunExecutionData {
	const data = parse(stored) as IRunExecutionData;
	const { lastNodeExecuted, runData } = data.resultData;
	data.waitTill = undefined;
	pausedNode(data).node.disabled = true;
	runData[lastNodeExecuted as string].pop();
	return data;
}

function pausedNode({ executionData }: IRunExecutionData) {
	const entry = executionData?.nodeExecutionStack[0];
	if (entry === undefined) throw new UserError('The execution is not paused');
	return entry;
}

function surroundingsOf({ id, json, types, credentials, mode, n8nUrl }: Execution) {
	return {
		workflow: createWorkflow(json, types, credentials),
		additionalData: createAdditionalData(mode, credentials, { executionId: id, n8nUrl }),
	};
}

function firstNode(workflow: Workflow): INode {
	const first = Object.values(workflow.nodes).find(
		({ name }) => !workflow.connectionsByDestinationNode[name],
	);
	if (first === undefined) throw new UserError('The workflow has no node to start from');
	return first;
}
