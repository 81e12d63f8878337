import type { INodeProperties } from 'n8n-workflow';

/** In which binary field of an item a downloaded file is put: the same for operations and triggers. */
export const outputFileField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	description: 'Each file becomes an item of its own, with the file in this binary field',
};

/** The same, where there are files only if they are asked for. */
export const outputFileOption: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputBinaryField',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	description: 'The name of the output binary field to put the file in',
};
