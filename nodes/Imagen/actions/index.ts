import type { INodeProperties } from 'n8n-workflow';

import { editResource } from './edit/Edit.resource';
import { exportResource } from './export/Export.resource';
import { photoResource } from './photo/Photo.resource';
import { profileResource } from './profile/Profile.resource';
import { projectResource } from './project/Project.resource';
import { retouchResource } from './retouch/Retouch.resource';
import type { Resource } from './shared/operation';
import { shootResource } from './shoot/Shoot.resource';
import { skyTemplateResource } from './skyTemplate/SkyTemplate.resource';

/**
 * Everything that a user can do, by the values that saved workflows hold, in the order of work. The panel is made of it, the router
 * runs it.
 */
export const resources: Record<string, Resource> = {
	shoot: shootResource,
	project: projectResource,
	photo: photoResource,
	edit: editResource,
	export: exportResource,
	retouch: retouchResource,
	profile: profileResource,
	skyTemplate: skyTemplateResource,
};

/** The choice of the resource. */
export const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: Object.entries(resources).map(([value, { name, description }]) => ({ name, value, description })),
	default: 'shoot',
};

/** For each resource the choice of its operation, and the fields of each operation. */
export const operationFields: INodeProperties[] = Object.entries(resources).flatMap(
	([resource, { defaultOperation, operations }]) => [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [resource] } },
			options: Object.entries(operations).map(([value, { name, description, action }]) => ({
				name,
				value,
				description,
				action,
			})),
			default: defaultOperation,
		},
		...Object.entries(operations).flatMap(([operation, { fields }]) =>
			fields.map((field) => shownFor(resource, operation, field)),
		),
	],
);

function shownFor(resource: string, operation: string, field: INodeProperties): INodeProperties {
	const show = { ...field.displayOptions?.show, resource: [resource], operation: [operation] };
	return { ...field, displayOptions: { ...field.displayOptions, show } };
}
