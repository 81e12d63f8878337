import type { INodePropertyOptions } from 'n8n-workflow';

import { operationFields, resourceField, resources } from '../../../../../nodes/Imagen/actions';

test.each(Object.entries(resources))(
	'the default operation of a resource is one of its operations: %s',
	(_value, { defaultOperation, operations }) => {
		expect(Object.keys(operations)).toContain(defaultOperation);
	},
);

test('resources and operations stand in the panel in alphabetical order', () => {
	const choices = [resourceField, ...operationFields.filter(({ name }) => name === 'operation')];
	expect(choices).toHaveLength(1 + Object.keys(resources).length);
	for (const { options } of choices) {
		const names = (options as INodePropertyOptions[]).map(({ name }) => name);
		expect(names).toEqual([...names].sort());
	}
});
