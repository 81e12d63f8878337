import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { requiredText } from '../shared/emptyField';
import type { Operation } from '../shared/operation';
import { apply, applyFields } from './apply';

const toolField: INodeProperties = {
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
};

/** Apply tool to photos */
export const applyToolOperation: Operation = {
	name: 'Apply Tool',
	action: 'Apply tool to photos',
	description: "Change finished photos with one of Imagen's retouch tools. Imagen bills each photo.",
	fields: applyFields(toolField),
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await apply(this, (itemIndex) => ({ tool_id: toolOf(this, itemIndex) }));
}

const CHOOSE_TOOL = 'Choose a tool from the list, or get the tools of a project with Get retouch tools.';

const toolOf = (context: IExecuteFunctions, itemIndex: number): string =>
	requiredText(context, toolField, itemIndex, CHOOSE_TOOL);
