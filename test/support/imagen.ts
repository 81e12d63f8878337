import { stringify } from 'flatted';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { ImagenApi } from '../../credentials/ImagenApi.credentials';
import { Imagen } from '../../nodes/Imagen/Imagen.node';
import {
	runNode,
	runWorkflow,
	type NodeOptions,
	type NodeResult,
	type SavedCredential,
	type WorkflowJson,
	type WorkflowOptions,
	type WorkflowResult,
} from './engine';
import { API_KEY, SIGNATURE } from './imagenApi';

export const NODE_TYPE = 'n8n-nodes-imagen-ai.imagen';

/** The credential as a user saved it. */
export const credential: SavedCredential = { type: new ImagenApi(), data: { apiKey: API_KEY } };

/** What a project or profile parameter holds when an ID was typed in. */
export const byId = (value: string | number): INodeParameters =>
	({ __rl: true, mode: 'id', value }) as INodeParameters;

/** The same when it was chosen from the list. */
export const fromList = (value: string | number): INodeParameters =>
	({ __rl: true, mode: 'list', value }) as INodeParameters;

/** The hints that n8n shows at the node's output. */
export const hintsOf = ({ run }: Pick<NodeResult, 'run'>): string[] =>
	Object.values(run.data.resultData.runData).flatMap((runs) =>
		runs.flatMap(({ hints = [] }) => hints.map(({ message }) => message)),
	);

/** An item that names a project, as the node before gives it. */
export const projectItem = (project_uuid: string, json: IDataObject = {}) => ({
	json: { project_uuid, ...json },
});

/** Runs the node on n8n's engine, and searches what n8n would save of the run for secrets. */
export async function runImagen(
	operation: `${string}.${string}`,
	parameters: INodeParameters = {},
	options: Partial<NodeOptions> = {},
): Promise<NodeResult> {
	const [resource, name] = operation.split('.');
	const result = await runNode({
		node: new Imagen(),
		parameters: { resource, operation: name, ...parameters },
		credentials: [credential],
		...options,
	});
	const asksForLinks = name === 'getDownloadLinks' || /Output":"links?"/.test(JSON.stringify(parameters));
	expectNoSecrets(result, asksForLinks ? [API_KEY] : [API_KEY, SIGNATURE]);
	return result;
}

/** Runs a workflow with the node in it, and searches what n8n would save of the run for secrets. */
export async function runImagenWorkflow(
	json: WorkflowJson,
	options: Partial<WorkflowOptions> = {},
): Promise<WorkflowResult> {
	const nodeTypes = { [NODE_TYPE]: new Imagen(), ...options.nodeTypes };
	const result = await runWorkflow(json, { credentials: [credential], ...options, nodeTypes });
	expectNoSecrets(result, [API_KEY, SIGNATURE]);
	return result;
}

/** n8n saves executions the same way. */
function expectNoSecrets({ run, error }: Pick<NodeResult, 'run' | 'error'>, secrets: string[]): void {
	const saved = stringify([run, error, error?.message, error?.stack]);
	expect(secrets.filter((secret) => saved.includes(secret))).toEqual([]);
}

/** The JSON of the items of an output: 0 is the regular one, 1 the error output. */
export function jsonOf({ output }: Pick<NodeResult, 'output'>, index = 0): IDataObject[] {
	return (output[index] ?? []).map(({ json }) => json);
}

/** The input items that each output item is linked to. */
export function linksOf(items: INodeExecutionData[]): number[][] {
	return items.map(({ pairedItem }) =>
		[pairedItem].flat().map((link) => (typeof link === 'object' ? link.item : Number(link))),
	);
}
