import { misfitsOf, schemaOf } from './outputSchema.mts';

const schema = schemaOf([
	{ name: 'Anna', photos: [{ bytes: 1 }], profile: null },
	{ name: 'Ben', photos: [], profile: 'wedding', tools: [] },
]);

test('a schema has the fields of all outputs, and null as the last of several types', () => {
	expect(schema).toEqual({
		type: 'object',
		properties: {
			name: { type: 'string' },
			photos: {
				type: 'array',
				items: { type: 'object', properties: { bytes: { type: 'number' } } },
			},
			profile: { type: ['string', 'null'] },
			tools: { type: 'array' },
		},
	});
});

test.each([
	['a field that is new', { name: 'Anna', status: 'Pending' }, 'edit.status (string)'],
	['a field of another type', { name: 1 }, 'edit.name (number)'],
	['a field without a value', { name: null }, 'edit.name (null)'],
	['a field within a list', { photos: [{ bytes: 1 }, { failed: true }] }, 'edit.photos[].failed (boolean)'],
	['an entry of a list', { tools: ['crop'] }, 'edit.tools[] (string)'],
])('an output does not fit its schema by %s', (_what, output, misfit) => {
	expect(misfitsOf(schema, output, 'edit')).toEqual([misfit]);
});

test('no output fits where there is no schema', () => {
	expect(misfitsOf(undefined, {}, 'edit')).toEqual(['edit (object)']);
});

test('an output fits its schema where fields are missing', () => {
	expect(misfitsOf(schema, { photos: [] }, 'edit')).toEqual([]);
});
