import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import type { Operation } from '../shared/operation';
import { apply, applyFields } from './apply';

/** Apply tool to photos */
export const applyToolOperation: Operation = {
	name: 'Apply Tool',
	action: 'Apply tool to photos',
	description: "Change finished photos with one of Imagen's retouch tools",
	fields: applyFields({
		displayName: 'Tool Name or ID',
		name: 'tool',
		type: 'options',
		typeOptions: {
			loadOptionsMethod: 'getRetouchTools',
			loadOptionsDependsOn: ['project.value', 'options.projectSource'],
		},
		default: '',
		required: true,
		description:
			'What to do to the photo. The list shows the tools of the project chosen above or, if that comes from the input, of your newest project. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	}),
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await apply(this, (itemIndex) => ({ tool_id: toolOf(this, itemIndex) }));
}

function toolOf(context: IExecuteFunctions, itemIndex: number): string {
	const tool = String(context.getNodeParameter('tool', itemIndex, '') ?? '').trim();
	if (tool !== '' && tool !== 'undefined') return tool;
	throw new ImagenOperationError(
		context,
		"'Tool Name or ID' is empty",
		'Choose a tool from the list, or get the tools of a project with Get retouch tools.',
		itemIndex,
	);
}
