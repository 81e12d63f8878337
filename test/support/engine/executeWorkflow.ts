import { parse, stringify } from 'flatted';
import { WorkflowExecute } from 'n8n-core';
import { UserError } from 'n8n-workflow';
import type {
	ExecutionError,
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
import { createAdditionalData, createWorkflow, type WorkflowJson } from './workflowJson';

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
	parked?: ParkedExecution;
}

/** A paused execution in n8n's store. It stays there, so that any number of callbacks can come. */
export interface ParkedExecution {
	executionId: string;
	/** When it resumes without a callback. */
	until: Date;
	/** Delivers a request for its resume URL to the node that has paused it; `resumed` if the execution resumes. */
	call(call: WebhookCall): Promise<{ answer?: WebhookAnswer; resumed?: WorkflowResult }>;
	/** Resumes as n8n does at the limit of the wait. */
	passLimit(): Promise<WorkflowResult>;
}

/** Runs an execution from the node without an input. */
export async function start(execution: Execution, abortSignal?: AbortSignal): Promise<WorkflowResult> {
	const { workflow, additionalData } = surroundingsOf(execution);
	const engine = new WorkflowExecute(additionalData, execution.mode);
	const running = engine.run({ workflow, startNode: firstNode(workflow) });
	abortSignal?.addEventListener('abort', () => running.cancel());
	return toResult(execution, await running);
}

async function goOn(execution: Execution, data: IRunExecutionData): Promise<WorkflowResult> {
	const { workflow, additionalData } = surroundingsOf(execution);
	const engine = new WorkflowExecute(additionalData, execution.mode, data);
	return toResult(execution, await engine.processRunExecutionData(workflow));
}

function toResult(execution: Execution, run: IRun): WorkflowResult {
	const { error, runData } = run.data.resultData;
	return {
		run,
		error,
		output: (nodeName) => (runData[nodeName]?.at(-1)?.data?.main ?? []).map((output) => output ?? []),
		parked: run.waitTill ? park(execution, run) : undefined,
	};
}

function park(execution: Execution, run: IRun): ParkedExecution {
	const stored = stringify(run.data);
	return {
		executionId: execution.id,
		until: new Date(run.waitTill as Date),
		async call(call) {
			const { workflow, additionalData } = surroundingsOf(execution);
			const runExecutionData = awake(stored);
			const node = workflow.getNode(runExecutionData.resultData.lastNodeExecuted as string) as INode;
			const place = { workflow, node, additionalData, mode: execution.mode, runExecutionData };
			const { answer, response } = await callWebhook(place, call);
			if (response.workflowData === undefined) return { answer };
			parkedNode(runExecutionData).data.main = response.workflowData;
			return { answer, resumed: await goOn(execution, runExecutionData) };
		},
		passLimit: async () => await goOn(execution, awake(stored)),
	};
}

/** What n8n does to a stored execution before it resumes: the paused node will only pass its input on. */
function awake(stored: string): IRunExecutionData {
	const data = parse(stored) as IRunExecutionData;
	const { lastNodeExecuted, runData } = data.resultData;
	data.waitTill = undefined;
	parkedNode(data).node.disabled = true;
	runData[lastNodeExecuted as string].pop();
	return data;
}

function parkedNode({ executionData }: IRunExecutionData) {
	const entry = executionData?.nodeExecutionStack[0];
	if (entry === undefined) throw new UserError('The execution is not parked');
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
