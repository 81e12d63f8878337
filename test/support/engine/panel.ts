import { LoadOptionsContext } from 'n8n-core';
import { NodeConnectionTypes, UserError } from 'n8n-workflow';
import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import type { SavedCredential } from './credentials';
import { nodeTypes } from './nodes';
import { type NodeResult, runNode } from './run';
import { createAdditionalData, createWorkflow } from './workflowJson';

export interface PanelOptions {
	node: INodeType;
	/** Name of the method that the parameter asks. */
	method: string;
	/** What the panel's fields hold so far. */
	parameters?: INodeParameters;
	credentials?: SavedCredential[];
}

const NODE = 'Temp-Node';

/** Fills a resource locator's list, as the panel does. */
export async function listSearch({
	filter,
	paginationToken,
	...options
}: PanelOptions & { filter?: string; paginationToken?: string }): Promise<INodeListSearchResult> {
	const search = options.node.methods?.listSearch?.[options.method];
	if (search === undefined) throw new UserError(`The node has no listSearch method "${options.method}"`);
	return await search.call(panelContext(options), filter, paginationToken);
}

/** Fills a drop-down's options, as the panel does. */
export async function loadOptions(options: PanelOptions): Promise<INodePropertyOptions[]> {
	const load = options.node.methods?.loadOptions?.[options.method];
	if (load === undefined) throw new UserError(`The node has no loadOptions method "${options.method}"`);
	return await load.call(panelContext(options));
}

/** Sends a credential's test request, as saving it does; `error` says why it was refused. */
export async function testCredential(credential: SavedCredential): Promise<Pick<NodeResult, 'error'>> {
	const request = credential.type.test?.request;
	if (request === undefined) throw new UserError('The credential has no test request');
	const node: INodeType = {
		description: {
			displayName: 'Temp',
			name: 'temp',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: credential.type.name, required: true }],
			requestDefaults: {},
			properties: [{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' }],
		},
	};
	const { error } = await runNode({ node, credentials: [credential] });
	return { error };
}

function panelContext({
	node,
	method,
	parameters = {},
	credentials = [],
}: PanelOptions): ILoadOptionsFunctions {
	const json = {
		nodes: [
			{ id: NODE, name: NODE, type: NODE, typeVersion: 1, position: [0, 0] as [number, number], parameters },
		],
		connections: {},
	};
	const workflow = createWorkflow(json, nodeTypes({ [NODE]: node }), credentials);
	const additionalData = createAdditionalData('internal', credentials);
	additionalData.currentNodeParameters = parameters;
	return new LoadOptionsContext(workflow, workflow.nodes[NODE], additionalData, `parameters.${method}`);
}
