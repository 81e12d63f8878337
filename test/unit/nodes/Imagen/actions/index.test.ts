import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { operationFields, resourceField, resources } from '../../../../../nodes/Imagen/actions';

test.each(Object.entries(resources))(
	'the default operation of a resource is one of its operations: %s',
	(_value, { defaultOperation, operations }) => {
		expect(Object.keys(operations)).toContain(defaultOperation);
	},
);

test('resources and operations stand in the panel in the order of work, the whole shoot first', () => {
	const named = ({ options }: INodeProperties) =>
		(options as INodePropertyOptions[]).map(({ value }) => value);
	expect(named(resourceField)).toEqual(Object.keys(resources));
	expect(named(resourceField)[0]).toBe('shoot');
	const operations = operationFields.filter(({ name }) => name === 'operation').map(named);
	expect(operations).toEqual(Object.values(resources).map((resource) => Object.keys(resource.operations)));
	expect(Object.keys(resources.edit.operations).slice(0, 3)).toEqual(['start', 'wait', 'download']);
});
