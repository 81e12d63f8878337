import type { IDisplayOptions, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import type { EditingFlow } from '../../api/projectRef';

/** Fields of which a user adds those that matter; in alphabetical order, as n8n wants it. @param noun what one of them is */
export function collectionField(
	displayName: string,
	name: string,
	noun: string,
	options: INodeProperties[],
): INodeProperties {
	return {
		displayName,
		name,
		type: 'collection',
		placeholder: `Add ${noun}`,
		default: {},
		options: [...options].sort((one, other) => one.displayName.localeCompare(other.displayName)),
	};
}

/** The options of an operation: a node works without any of them. */
export const optionsField = (...options: INodeProperties[]): INodeProperties =>
	collectionField('Options', 'options', 'Option', options);

/** The project to work on. Its default takes it from the node before, so that a row of Imagen nodes needs no wiring. */
export const projectField: INodeProperties = {
	displayName: 'Project',
	name: 'project',
	type: 'resourceLocator',
	default: { mode: 'id', value: '={{ $json.project_uuid }}' },
	required: true,
	description:
		'By default, the project of the previous Imagen AI node. To choose one from a list, switch this field to Fixed. The list shows the projects of the editing flow.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a project...',
			typeOptions: { searchListMethod: 'searchProjects', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 65f3a1c09b7e4d2f8a6c1e57',
			hint: 'The project_uuid that Create project returns',
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. Anna and Ben, wedding',
			hint: 'The whole name of the project',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://app.imagen-ai.com/projects/65f3a1c09b7e4d2f8a6c1e57',
			extractValue: { type: 'regex', regex: 'https?://[^/]+/projects/([^/?#]+)' },
			validation: [
				{
					type: 'regex',
					properties: {
						regex: 'https?://[^/]+/projects/[^/?#]+.*',
						errorMessage: 'Paste the address of the project in the Imagen app',
					},
				},
			],
		},
	],
};

const AI_PROFILE = {
	name: 'AI Profile',
	value: 'REGULAR',
	description: 'Edit in the style of an AI Profile. Returns XMP, DNG or JPEG files, and JPEGs by export.',
};
const SMART_EDITING = {
	name: 'Smart Editing',
	value: 'I2I',
	description: 'Edit image to image, without a profile. Returns JPEGs without an export.',
};

/** Which flow to begin: it decides what else is asked for. */
export const editingFlowField: INodeProperties = {
	displayName: 'Editing Flow',
	name: 'editingFlow',
	type: 'options',
	options: [AI_PROFILE, SMART_EDITING],
	default: 'REGULAR',
	description: 'How Imagen edits the photos. A project keeps the flow that it was created with.',
};

/** Shows a field where the node's Editing Flow is this one. */
export function onlyIn(flow: EditingFlow, field: INodeProperties): INodeProperties {
	return { ...field, displayOptions: { show: { editingFlow: [flow] } } };
}

/** Takes the editing flow from the input item. */
export const FROM_INPUT = 'fromInput';

/** Which editing flow a project has. The items that Imagen AI nodes give say so. */
export const editingFlowOption: INodeProperties = {
	...editingFlowField,
	name: 'projectSource',
	options: [
		AI_PROFILE,
		{
			name: 'From Input',
			value: FROM_INPUT,
			description: 'The flow in the input item, or AI Profile if there is none',
		},
		SMART_EDITING,
	],
	default: FROM_INPUT,
	description: 'The flow that the project was created with. Items from other Imagen AI nodes include it.',
};

/** The AI Profile to edit with. */
export const profileField: INodeProperties = {
	displayName: 'Profile',
	name: 'profile',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The AI Profile, which is the style that Imagen edits in. RAW photos need a RAW profile, JPEGs a JPEG profile.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a profile...',
			typeOptions: { searchListMethod: 'searchProfiles', searchable: true },
		},
		{
			// n8n shows a name of its own for this mode.
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 14715',
			validation: [
				{
					type: 'regex',
					properties: { regex: '^\\s*\\d+\\s*$', errorMessage: 'A profile key is a whole number' },
				},
			],
		},
	],
};

/** The AI Profile of the JPEGs of a shoot with RAW photos and JPEGs. */
export const jpegProfileOption: INodeProperties = {
	...profileField,
	displayName: 'Profile for JPEGs',
	name: 'jpegProfile',
	required: false,
	displayOptions: { show: { '/editingFlow': ['REGULAR'] } },
	description: 'The AI Profile for the JPEG project when a mixed shoot is split',
};

/** Part of a name, to list what has it. @param noun what is listed */
export const nameContainsFilter = (noun: string): INodeProperties => ({
	displayName: 'Name Contains',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. wedding',
	description: `Part of the ${noun} name. Upper and lower case don't matter.`,
});

/** How many results an item wants, by `howManyFields`. */
export const howMany = (context: IExecuteFunctions, itemIndex: number): number =>
	context.getNodeParameter('returnAll', itemIndex)
		? Infinity
		: (context.getNodeParameter('limit', itemIndex) as number);

/** Return All, and Limit where not all are wanted. */
export const howManyFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** 30 days: longer than any edit, and well within what n8n keeps paused executions and dates for. */
const MOST_MINUTES = 30 * 24 * 60;

/** How long an operation waits for Imagen, paused or polling; by default longer than any edit. `giveUpAfterMinutes` reads it. */
export const timeoutField: INodeProperties = {
	displayName: 'Give Up After (Minutes)',
	name: 'timeoutMinutes',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MOST_MINUTES },
	default: 1440,
	description: 'How long to wait for all projects together. 0 checks once.',
};

/** The same, where it is known what is waited for. */
export const timeoutFieldFor = (job: Job): INodeProperties => ({
	...timeoutField,
	description:
		job === 'edit'
			? 'How long to wait for all projects together. An edit takes minutes to hours. 0 checks once.'
			: timeoutField.description,
});

/** Where the node is a tool of an AI agent, which gets no files, the panel does not ask for this. */
export const NOT_FOR_AGENTS: IDisplayOptions = { show: { '@tool': [false] } };

/** In which binary field of an item a downloaded file is put: the same for operations and triggers. */
export const outputFileField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	displayOptions: NOT_FOR_AGENTS,
	description: 'Each file becomes an item of its own, with the file in this binary field',
};

/** The same, where there are files only if they are asked for. */
export const outputFileOption: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputBinaryField',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	displayOptions: NOT_FOR_AGENTS,
	description: 'The name of the output binary field to put the file in',
};
