import type { INodeProperties } from 'n8n-workflow';

/** Shows fields in the panel for one operation of one resource. */
export function fieldsOf(resource: string, operation: string, fields: INodeProperties[]): INodeProperties[] {
	return fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { ...field.displayOptions?.show, resource: [resource], operation: [operation] },
		},
	}));
}

/** The project to work on. Its default takes it from the node before, so that a row of Imagen nodes needs no wiring. */
export const projectField: INodeProperties = {
	displayName: 'Project',
	name: 'project',
	type: 'resourceLocator',
	default: { mode: 'id', value: '={{ $json.project_uuid }}' },
	required: true,
	description: 'The project to work on. By default the one that the previous Imagen AI node worked on.',
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
			hint: 'The project_uuid that Create gives',
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

/** The AI Profile to edit with. */
export const profileField: INodeProperties = {
	displayName: 'Profile',
	name: 'profile',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The AI Profile: the style to edit in. RAW photos need a RAW profile, JPEGs a JPG profile.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a profile...',
			typeOptions: { searchListMethod: 'searchProfiles', searchable: true },
		},
		{
			displayName: 'By Key',
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
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** How long an operation waits for Imagen. The official clients give up after 20 hours. */
export const timeoutField: INodeProperties = {
	displayName: 'Give Up After (Minutes)',
	name: 'timeoutMinutes',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1200,
	description: 'How long to wait for all projects together. An edit takes minutes to hours.',
};
