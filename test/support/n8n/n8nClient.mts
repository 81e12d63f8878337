import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { INodeTypeDescription } from 'n8n-workflow';

/** The person who signs in to a local n8n. Not a secret: the server listens on loopback only. */
export const owner = {
	email: 'owner@example.com',
	firstName: 'Local',
	lastName: 'Owner',
	password: 'Imagen-local-1',
};

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface WorkflowNode {
	name: string;
	type: string;
	credentials?: Record<string, { id: string; name: string }>;
}

export interface WorkflowDefinition {
	name: string;
	nodes: WorkflowNode[];
	connections: object;
	settings?: object;
}

export interface Workflow extends WorkflowDefinition {
	id: string;
	versionId: string;
}

export interface BinaryField {
	/** Where n8n keeps it outside the execution. */
	id?: string;
	/** Its base64, where n8n keeps binary data in memory. */
	data: string;
	fileName?: string;
	mimeType: string;
}

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryField>;
}

/** One run of one node. Times in milliseconds. */
export interface NodeRun {
	startTime: number;
	executionTime: number;
	executionStatus: string;
	/** Items by output. */
	data?: { main: Array<Item[] | null> };
	error?: ExecutionError;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	node?: { name: string };
}

export interface Execution {
	id: string;
	status: string;
	/** Runs by node, as far as they have ended. */
	runs: Record<string, NodeRun[]>;
	error?: ExecutionError;
	/** What its page shows as highlights, and executions are found by. */
	customData: Record<string, string>;
}

export interface WatchOptions {
	/** Sees every reading. */
	watch?: (execution: Execution) => unknown;
	/** Ends the reading; the execution continues. */
	signal?: AbortSignal;
}

const terminal = ['success', 'error', 'canceled', 'crashed'];

/** Drives n8n as its editor does. Calls throw with n8n's own answer. */
export class N8nClient {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** Sets up the owner of a fresh n8n, or signs in where there is one. */
	async signIn(): Promise<void> {
		const settings = await this.call<{ userManagement: { showSetupOnFirstLoad: boolean } }>(
			'GET',
			'settings',
		);
		const { email, password } = owner;
		if (settings.userManagement.showSetupOnFirstLoad) await this.call('POST', 'owner/setup', owner);
		else await this.call('POST', 'login', { emailOrLdapLoginId: email, password });
	}

	/** Creates a credential, or gives the one of that name new data. */
	async saveCredential(name: string, type: string, data: object): Promise<Credential> {
		const existing = (await this.call<Credential[]>('GET', 'credentials')).find(
			(credential) => credential.name === name && credential.type === type,
		);
		if (!existing) return await this.call('POST', 'credentials', { name, type, data });
		return await this.call('PATCH', `credentials/${existing.id}`, { name, type, data });
	}

	/** Tests new data for a saved credential, as its panel does. */
	async testCredential(
		{ id, name, type }: Credential,
		data: object,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const credentials = { id, name, type, data };
		return await this.call('POST', 'credentials/test', { credentials });
	}

	async createWorkflow(definition: WorkflowDefinition): Promise<Workflow> {
		return await this.call('POST', 'workflows', { settings: {}, ...definition, active: false });
	}

	async findWorkflow(name: string): Promise<Workflow | undefined> {
		const workflows = await this.call<Workflow[]>('GET', 'workflows');
		return workflows.find((workflow) => workflow.name === name);
	}

	/** Publishes a workflow and returns once its triggers and webhooks are live. */
	async activate({ id, versionId }: Workflow): Promise<void> {
		await this.call('POST', `workflows/${id}/activate`, { versionId });
		for (;;) {
			const status = await this.publicationStatus(id);
			if (status === 'published') return;
			if (status === 'failed' || status === 'partial')
				throw new Error(`Publishing workflow ${id}: ${status}`);
			await sleep(50);
		}
	}

	/** Takes a workflow's triggers and webhooks down. */
	async deactivate({ id }: Workflow): Promise<void> {
		await this.call('POST', `workflows/${id}/deactivate`, {});
	}

	/** Starts a workflow at one of its triggers. Returns the execution's id. */
	async run(workflow: Workflow, trigger: string): Promise<string> {
		const { executionId } = await this.call<{ executionId: string }>('POST', `workflows/${workflow.id}/run`, {
			workflowData: workflow,
			triggerToStartFrom: { name: trigger },
			startNodes: [],
		});
		return executionId;
	}

	/** Reads an execution. While it runs, `runs` fills only if the workflow saves its progress. */
	async execution(id: string): Promise<Execution> {
		const { status, data } = await this.call<{ status: string; data?: string }>('GET', `executions/${id}`);
		// Before the first node has ended, the data is an empty list.
		const result = (data ? parse(data) : undefined) as
			| {
					resultData: {
						runData: Execution['runs'];
						error?: Execution['error'];
						metadata?: Execution['customData'];
					};
			  }
			| undefined;
		const { runData: runs = {}, error, metadata: customData = {} } = result?.resultData ?? {};
		return { id, status, runs, error, customData };
	}

	/** Reads an execution until it has ended. */
	async executionEnd(id: string, { watch, signal }: WatchOptions = {}): Promise<Execution> {
		for (;;) {
			const execution = await this.execution(id);
			await watch?.(execution);
			if (terminal.includes(execution.status)) return execution;
			signal?.throwIfAborted();
			await sleep(300);
		}
	}

	/** Goes on with a failed execution at the node that failed. Returns the id of the new execution. */
	async retry(id: string): Promise<string> {
		return (await this.call<{ id: string }>('POST', `executions/${id}/retry`, { loadWorkflow: false })).id;
	}

	/** How many executions have a status, such as `running` or `waiting`. */
	async countExecutions(status: string): Promise<number> {
		const query = new URLSearchParams({ filter: JSON.stringify({ status: [status] }), limit: '1' });
		return (await this.call<{ count: number }>('GET', `executions?${query}`)).count;
	}

	/** Stops an execution that runs or is paused. */
	async stop(id: string): Promise<void> {
		await this.call('POST', `executions/${id}/stop`);
	}

	/** Fetches a binary as the editor's download button does. */
	async download({ id, data }: BinaryField): Promise<Buffer> {
		if (!id) return Buffer.from(data, 'base64');
		const query = new URLSearchParams({ id, action: 'download' });
		const response = await this.request('GET', `binary-data?${query}`);
		return Buffer.from(await response.arrayBuffer());
	}

	/** Descriptions of all node types, those of community packages included. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		// Served beside the API, to those who are signed in.
		const response = await this.request('GET', '../types/nodes.json');
		return ((await response.json()) as INodeTypeDescription[]).map((type) => ({
			...type,
			name: type.name.includes('.') ? type.name : `n8n-nodes-base.${type.name}`,
		}));
	}

	/** What n8n's migration report says that its version 3 would break or change, by workflow. */
	async brokenByN8n3(): Promise<Record<string, string[]>> {
		const path = 'breaking-changes/report';
		const { report } = await this.call<{ report: { workflowResults: Array<{ ruleId: string }> } }>(
			'POST',
			`${path}/refresh?version=v3`,
		);
		const broken: Record<string, string[]> = {};
		for (const { ruleId } of report.workflowResults) {
			const { affectedWorkflows } = await this.call<{ affectedWorkflows: Array<{ name: string }> }>(
				'GET',
				`${path}/${ruleId}`,
			);
			for (const { name } of affectedWorkflows) broken[name] = [...(broken[name] ?? []), ruleId];
		}
		return broken;
	}

	/** Releases before 2.41 publish before they answer, and have no such endpoint. */
	private async publicationStatus(workflowId: string): Promise<string> {
		const path = `workflows/${workflowId}/publication-status`;
		return await this.call<{ status: string }>('GET', path).then(
			({ status }) => status,
			(error: Error) => {
				if (error.message.includes(': 404 ')) return 'published';
				throw error;
			},
		);
	}

	private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
		const response = await this.request(method, path, body);
		return ((await response.json()) as { data: Answer }).data;
	}

	private async request(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(`${this.url}/rest/${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				// n8n binds a session to the browser it began in.
				'browser-id': 'n8n-nodes-imagen-ai',
				cookie: this.cookie,
			},
			body: body && JSON.stringify(body),
		});
		const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0];
		if (response.ok) return response;
		throw new Error(`n8n: ${method} ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
	}
}

/** One line that says which node failed and why. */
export function describeError({ message, description, node }: ExecutionError): string {
	return [node && `${node.name}:`, message, description].filter(Boolean).join(' ');
}
