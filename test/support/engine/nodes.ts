import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypes } from 'n8n-workflow';
import { NodeConnectionTypes, UserError } from 'n8n-workflow';

/** A file of an input item; n8n guesses the MIME type from the name where none is given. */
export interface InputFile {
	fileName: string;
	bytes: Buffer;
	mimeType?: string;
}

/** An item that enters a workflow. `files` become binaries under their field names. */
export interface InputItem extends INodeExecutionData {
	files?: Record<string, InputFile>;
}

/** An item with one photo in its binary field `data`. */
export function photo(fileName: string, bytes: Buffer, json: IDataObject = {}): InputItem {
	return { json, files: { data: { fileName, bytes } } };
}

/** The start of a workflow: gives out `items`, their files stored the way any node stores them. */
export function startNode(items: InputItem[]): INodeType {
	return {
		description: describe('Start', []),
		async execute(this: IExecuteFunctions) {
			return [await Promise.all(items.map(async (item) => await storeFiles(this, item)))];
		},
	};
}

/** A node that hands its items on, as n8n's No Operation does. */
export const passThroughNode: INodeType = {
	description: describe('Pass through', [NodeConnectionTypes.Main]),
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
};

/** A node that gives what an expression comes to for each item, or n8n's words on why it comes to nothing. */
export const expressionNode: INodeType = {
	description: {
		...describe('Expression', [NodeConnectionTypes.Main]),
		properties: [{ displayName: 'Expression', name: 'expression', type: 'string', default: '' }],
	},
	async execute(this: IExecuteFunctions) {
		const valueOf = (item: number) => {
			try {
				return { value: this.getNodeParameter('expression', item) };
			} catch (error) {
				return { error: (error as Error).message };
			}
		};
		return [this.getInputData().map((_, item) => ({ json: valueOf(item) as IDataObject }))];
	},
};

/** Node types by their full name, for the engine. */
export function nodeTypes(types: Record<string, INodeType>): INodeTypes {
	const find = (name: string) => {
		const type = types[name];
		if (type === undefined) throw new UserError(`The test knows no node type "${name}"`);
		return type;
	};
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({ ...types }) as never };
}

function describe(displayName: string, inputs: INodeType['description']['inputs']): INodeType['description'] {
	return {
		displayName,
		name: displayName,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: displayName },
		inputs,
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};
}

async function storeFiles(
	context: IExecuteFunctions,
	{ files, ...item }: InputItem,
): Promise<INodeExecutionData> {
	if (files === undefined) return item;
	const binary: INodeExecutionData['binary'] = { ...item.binary };
	for (const [field, { bytes, fileName, mimeType }] of Object.entries(files)) {
		binary[field] = await context.helpers.prepareBinaryData(bytes, fileName, mimeType);
	}
	return { ...item, binary };
}
