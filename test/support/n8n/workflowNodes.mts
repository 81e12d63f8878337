import type { WorkflowDefinition, WorkflowNode } from './n8nClient.mts';
import type { RunRecorder } from '../runRecorder.mts';

export interface TestNode extends WorkflowNode {
	id: string;
	typeVersion: number;
	position: [number, number];
	parameters: object;
	executeOnce?: boolean;
	webhookId?: string;
}

/** Where each output of a node leads, by names. */
export type Links = Record<string, string[]>;

type Parameters = Record<string, unknown>;

export function node(name: string, type: string, typeVersion: number, parameters: Parameters): TestNode {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters };
}

/** An operation of the Imagen AI node. */
export function imagen(name: string, resource: string, operation: string, more: Parameters = {}): TestNode {
	return node(name, 'n8n-nodes-imagen-ai.imagen', 1, { resource, operation, ...more });
}

/** Two profiles of the sandbox for JPEGs. */
export const jpegProfile = 29132;
export const otherJpegProfile = 29133;

/** Starts by the editor's button. */
export const manualStart = () => node('Start', 'n8n-nodes-base.manualTrigger', 1, {});

/** Reads files below n8n's working folder, such as `photos/*`. */
export function readFiles(name: string, fileSelector: string): TestNode {
	return node(name, 'n8n-nodes-base.readWriteFile', 1.1, { operation: 'read', fileSelector, options: {} });
}

/** A value of a resource locator. */
export const byId = (value: number | string) => ({ __rl: true, mode: 'id', value: String(value) });

export function startEdit(more: Parameters = {}): TestNode {
	return imagen('Start', 'edit', 'start', { profile: byId(jpegProfile), whenFinished: 'resume', ...more });
}

/** Waits by callback for a quarter of an hour at most, longer than any test. */
export function waitForEdit(more: Parameters = {}): TestNode {
	return imagen('Wait', 'edit', 'wait', { options: limit(15), ...more });
}

/** Limits a wait. n8n looks once a minute for limits that have passed. */
export const limit = (minutes: number) => ({ timeoutMinutes: minutes });

/** Downloads an edit's files. */
export const downloadEdit = (): TestNode => imagen('Download', 'edit', 'download');

/**
 * Starts a workflow over HTTP: answers with the execution's id at once, and gives an item for each project of the body.
 * The webhook's path is the workflow's name.
 */
export function onRequest(path: string): TestNode[] {
	return [
		{
			...node('Request', 'n8n-nodes-base.webhook', 2, {
				httpMethod: 'POST',
				path,
				responseMode: 'responseNode',
			}),
			webhookId: path,
		},
		node('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, {
			respondWith: 'text',
			responseBody: '={{ $execution.id }}',
		}),
		node('Projects', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'body.projects' }),
	];
}

/** Reports all items that reach it to the recorder, once a run. */
export function recordRun(recorder: RunRecorder): TestNode {
	const run = '{ execution: $execution.id, items: $input.all().map((item) => item.json) }';
	return { ...post('Record Run', `${recorder.url}/runs`, run), executeOnce: true };
}

/** Holds each item up until the test opens the gate, and passes it on unchanged. */
export function gate(recorder: RunRecorder): TestNode {
	return post('Gate', `${recorder.url}/gate`, '$json');
}

function post(name: string, url: string, expression: string): TestNode {
	return node(name, 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ JSON.stringify(${expression}) }}`,
	});
}

/** Polls every three seconds: n8n wants a minute at least for each schedule, but takes many. */
export const pollTimes = {
	item: Array.from({ length: 20 }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * 3} * * * * *`,
	})),
};

/** Connects nodes in a row. */
export function inARow(nodes: TestNode[]): Links {
	return Object.fromEntries(nodes.slice(0, -1).map(({ name }, index) => [name, [nodes[index + 1].name]]));
}

/** A workflow of nodes in a row. */
export function rowOf(name: string, ...nodes: TestNode[]): WorkflowDefinition {
	const row = nodes.map((each, index) => ({ ...each, position: [index * 200, 0] as [number, number] }));
	return { name, nodes: row, connections: connections(inARow(row)) };
}

/** Links as n8n writes them. */
export function connections(links: Links): object {
	return Object.fromEntries(
		Object.entries(links).map(([from, outputs]) => [
			from,
			{ main: outputs.map((to) => (to ? [{ node: to, type: 'main', index: 0 }] : [])) },
		]),
	);
}
