import { ExecutionLifecycleHooks } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	IConnections,
	IDataObject,
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
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	/** What the nodes have stored, as n8n saved it last. */
	staticData?: IDataObject;
}

const WORKFLOW_ID = 'test-workflow';
const N8N_URL = 'https://n8n.test';

let executions = 0;

/** A workflow the engine can run: each node carries the saved credentials that its type asks for. */
export function createWorkflow(json: WorkflowJson, types: INodeTypes, saved: SavedCredential[]): Workflow {
	const nodes = json.nodes.map((node) => ({
		...structuredClone(node),
		credentials: pickCredentials(types.getByNameAndVersion(node.type, node.typeVersion), saved),
	}));
	return new Workflow({
		id: json.id ?? WORKFLOW_ID,
		name: json.name,
		nodes,
		connections: json.connections,
		active: false,
		nodeTypes: types,
		staticData: json.staticData,
		settings: { executionOrder: 'v1', ...json.settings },
	});
}

/** An id that no other execution has. */
export function nextExecutionId(): string {
	return String(++executions);
}

/** What n8n adds to one execution: its id, the URLs of the instance, the credentials. */
export function createAdditionalData(
	mode: WorkflowExecuteMode,
	saved: SavedCredential[],
	{ executionId = nextExecutionId(), n8nUrl = N8N_URL } = {},
): IWorkflowExecuteAdditionalData {
	const additionalData: Partial<IWorkflowExecuteAdditionalData> = {
		executionId,
		credentialsHelper: new CredentialsInMemory(saved),
		hooks: new ExecutionLifecycleHooks(mode, executionId, { id: WORKFLOW_ID } as IWorkflowBase),
		currentNodeExecutionIndex: 0,
		variables: {},
		instanceBaseUrl: n8nUrl,
		restApiUrl: `${n8nUrl}/rest`,
		webhookBaseUrl: `${n8nUrl}/webhook`,
		webhookTestBaseUrl: `${n8nUrl}/webhook-test`,
		webhookWaitingBaseUrl: `${n8nUrl}/webhook-waiting`,
		formWaitingBaseUrl: `${n8nUrl}/form-waiting`,
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
