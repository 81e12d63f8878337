import { ExecutionLifecycleHooks } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	IConnections,
	INode,
	INodeTypes,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { CredentialsInMemory, type SavedCredential } from './credentials';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

const WORKFLOW_ID = 'test-workflow';
const N8N_URL = 'http://n8n.test';

let executions = 0;

/** A workflow the engine can run: each node carries the saved credentials that its type asks for. */
export function createWorkflow(json: WorkflowJson, types: INodeTypes, saved: SavedCredential[]): Workflow {
	const nodes = json.nodes.map((node) => ({
		...structuredClone(node),
		credentials: pickCredentials(types.getByNameAndVersion(node.type, node.typeVersion), saved),
	}));
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

/** What n8n adds to one execution: an id of its own, the URLs of the instance, the credentials. */
export function createAdditionalData(
	mode: WorkflowExecuteMode,
	saved: SavedCredential[],
): IWorkflowExecuteAdditionalData {
	const executionId = String(++executions);
	const additionalData: Partial<IWorkflowExecuteAdditionalData> = {
		executionId,
		credentialsHelper: new CredentialsInMemory(saved),
		hooks: new ExecutionLifecycleHooks(mode, executionId, { id: WORKFLOW_ID } as IWorkflowBase),
		currentNodeExecutionIndex: 0,
		variables: {},
		instanceBaseUrl: N8N_URL,
		restApiUrl: `${N8N_URL}/rest`,
		webhookBaseUrl: `${N8N_URL}/webhook`,
		webhookTestBaseUrl: `${N8N_URL}/webhook-test`,
		webhookWaitingBaseUrl: `${N8N_URL}/webhook-waiting`,
		formWaitingBaseUrl: `${N8N_URL}/form-waiting`,
	};
	return additionalData as IWorkflowExecuteAdditionalData;
}

function pickCredentials(
	{ description }: ReturnType<INodeTypes['getByNameAndVersion']>,
	saved: SavedCredential[],
) {
	const asksFor = ({ type }: SavedCredential) =>
		description.credentials?.some(({ name }) => name === type.name);
	return Object.fromEntries(
		saved.filter(asksFor).map(({ type }) => [type.name, { id: type.name, name: type.displayName }]),
	);
}
