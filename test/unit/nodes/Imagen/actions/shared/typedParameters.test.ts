import type { IExecuteFunctions, INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { resources } from '../../../../../../nodes/Imagen/actions';
import { withTypedParameters } from '../../../../../../nodes/Imagen/actions/shared/typedParameters';
import { ImagenOperationError } from '../../../../../../nodes/Imagen/errors/imagenErrors';
import { photo } from '../../../../../support/engine';
import { byId, jsonOf, projectItem, runImagen } from '../../../../../support/imagen';
import {
	apiCreatesProject,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiReportsStatus,
	apiStarts,
	apiGivesDownloadLinks,
	requests,
	storageGives,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { shoot } from '../../../../../support/shoots';
import { useClock } from '../../../../../support/clock';

useImagenApi();
useClock();

/** What comes out of spreadsheets, forms and expressions. */
const ODD_VALUES = [
	...[
		'',
		' ',
		'\n',
		'0',
		'1',
		'-1',
		'1.5',
		'1,5',
		'1,440',
		'1.440',
		'1 440',
		'1e3',
		'0x10',
		'30 min',
		'thirty',
	],
	...[
		'TRUE',
		'true',
		'FALSE',
		'false',
		'yes',
		'No',
		'ja',
		'NEIN',
		'wahr',
		'FAUX',
		'on',
		'off',
		'null',
		'undefined',
	],
	...[
		'fail',
		'Fail',
		'FAIL ',
		'Use Existing',
		'skip',
		'none',
		'*',
		'a, b',
		'é',
		'<b>',
		'../x',
		'x'.repeat(5000),
	],
	...[0, 1, -1, 1.5, 20, 21, 1e9, NaN, Infinity, -Infinity, true, false],
	...[[], [1], ['a', 'b'], {}, { a: 1 }, { value: 'x' }, new Date(0)],
];

/** Every field of every operation, those in collections as well. */
const FIELDS = Object.values(resources).flatMap(({ operations }) =>
	Object.values(operations).flatMap(({ fields }) =>
		fields.flatMap((field) =>
			field.type === 'collection'
				? (field.options as INodeProperties[]).map((sub) => ({
						fields,
						field: sub,
						name: `${field.name}.${sub.name}`,
					}))
				: [{ fields, field, name: field.name }],
		),
	),
);

/** A context in which a parameter has this value. @param evaluate gives it anew each time, as an expression may */
const contextWith = (fields: INodeProperties[], value: unknown, evaluate = () => value) =>
	withTypedParameters(
		{
			getNode: () => ({ name: 'Node', type: 'node', typeVersion: 1, parameters: {} }),
			getInputData: () => [{ json: {} }],
			continueOnFail: () => false,
			getNodeParameter: (_name: string, _item: number, fallback: unknown) => evaluate() ?? fallback,
		} as unknown as IExecuteFunctions,
		fields,
	);

const isOfItsType = ({ type, options, typeOptions, name }: INodeProperties, value: unknown): boolean => {
	if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
	if (type === 'boolean') return typeof value === 'boolean';
	if (type === 'options' && !typeOptions?.loadOptionsMethod)
		return (options as INodePropertyOptions[]).some((option) => option.value === value);
	return typeof value === 'string' || (name === 'fileNames' && Array.isArray(value));
};

const TYPED = ['number', 'boolean', 'options', 'string'];

test('every parameter of every operation is of its type, or an error with label and value, whatever it is given', () => {
	expect(FIELDS.length).toBeGreaterThan(100);
	for (const { fields, field, name } of FIELDS.filter(({ field: { type } }) => TYPED.includes(type))) {
		for (const value of ODD_VALUES) {
			let read: unknown;
			try {
				read = contextWith(fields, value).getNodeParameter(name, 0, 'as if not added');
			} catch (error) {
				expect(error).toBeInstanceOf(ImagenOperationError);
				expect((error as Error).message).toContain(`'${field.displayName}' is '`);
				expect((error as Error).message.length).toBeLessThan(300);
				continue;
			}
			if (read !== 'as if not added')
				expect([name, value, isOfItsType(field, read)]).toEqual([name, value, true]);
		}
	}
});

test.each([
	['1,440', 1440],
	['1.440', 1440],
	['1 440', 1440],
	[' 30 ', 30],
	['30,5', 30.5],
	['0.050', 0.05],
	['0,075', 0.075],
	['0.500', 0.5],
	[7, 7],
])('the number %j is read as %j', (value, number) => {
	const { fields } = resources.edit.operations.wait;
	expect(contextWith(fields, value).getNodeParameter('options.timeoutMinutes', 0, 1)).toBe(number);
});

describe('an expression in a field that is not set to Expression', () => {
	const items = [projectItem('p-1', { client: 'Anna' })];
	const SWITCH = 'Switch the field to Expression';

	test.each<[string, Parameters<typeof runImagen>[0], INodeParameters]>([
		['Project Name', 'shoot.editPhotos', { projectName: '{{ $json.client }}' }],
		['Project Name', 'shoot.editPhotos', { projectName: '$json.client' }],
		['Project Name', 'shoot.editPhotos', { projectName: '=$json.client' }],
		['Group By', 'shoot.editPhotos', { photoOptions: { groupBy: ' {{ $json.client }}' } }],
		['Group By', 'shoot.preview', { photoOptions: { groupBy: '$json.client' } }],
		['Name', 'project.create', { name: '{{ $json.client }} wedding' }],
		['Link', 'photo.upload', { photosFrom: 'links', link: '{{ $json.link }}' }],
		['File Name', 'photo.upload', { photosFrom: 'links', link: 'https://x.test', fileName: '$json.name' }],
		['File Names', 'edit.download', { options: { fileNames: "$('Upload').item.json.file_name" } }],
		['Instruction', 'retouch.applyInstruction', { instruction: '{{ $json.say }}' }],
		['Project', 'edit.download', { project: byId('{{ $json.project_uuid }}') }],
		['Project', 'edit.download', { project: { __rl: true, mode: 'name', value: '{{ $json.client }}' } }],
	])("of '%s' of %s is an error, not the text: %j", async (label, operation, parameters) => {
		const { error } = await runImagen(operation, { profile: byId(14715), ...parameters }, { items });
		expect(error?.message).toMatch(new RegExp(`^'${label}' is '.*', which is text, not an expression$`));
		expect(error?.description).toContain(SWITCH);
		expect(requests()).toEqual([]);
	});

	test('is no error where an expression returns it, or where it is a text with a dollar', async () => {
		const returned = [projectItem('p-1', { client: '{{ client }}' })];
		for (const [name, created] of [
			['={{ $json.client }}', '{{ client }}'],
			['$500 giveaway', '$500 giveaway'],
			['Anna {and} Ben', 'Anna {and} Ben'],
		]) {
			apiCreatesProject('p-1', { name: created });
			expect((await runImagen('project.create', { name }, { items: returned })).error).toBeUndefined();
		}
	});
});

describe('options from a spreadsheet', () => {
	const shootWith = async (options: INodeParameters) =>
		await shoot({ options }, { items: [photo('1.NEF', Buffer.from('x'))] });

	test.each([
		[{ parallelUploads: '={{ 0 }}' }, "'Parallel Uploads' is '0', which is less than 1"],
		[{ parallelUploads: 'x' }, "'Parallel Uploads' is 'x', which is not a number"],
		[{ timeoutMinutes: '30 min' }, "'Give Up After (Minutes)' is '30 min', which is not a number"],
		[
			{ editWithoutFailed: 'maybe' },
			"'Edit Without Failed Photos' is 'maybe', which is neither true nor false",
		],
		[{ ifNameExists: 'overwrite' }, "'If Name Exists' is 'overwrite', which is not one of the choices"],
		[{ groupBy: '={{ ({ client: "Anna" }) }}' }, `'Group By' is '{"client":"Anna"}', which is not text`],
	])('%j is refused with label and value before anything is sent', async (options, message) => {
		const { error } = await shootWith(options);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain('Nothing was sent.');
		expect(requests()).toEqual([]);
	});

	test('empty cells are as if the option had not been added, and FALSE is off', async () => {
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', ['1.NEF']);
		storageTakes('p-1', '1.NEF');
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', { profile_key: 14715, photography_type: 'NO_TYPE' });
		const options = { parallelUploads: '={{ "" }}', verifyMd5: '={{ "FALSE" }}', ifNotPhoto: '={{ null }}' };
		expect(jsonOf(await shootWith(options))).toMatchObject([{ project_uuid: 'p-1', sent: true }]);
	});

	test('a choice may be given by its label, and tools that are off are not sent', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', {
			profile_key: 14715,
			photography_type: 'WEDDING',
			crop: false,
			straighten: true,
		});
		const result = await runImagen(
			'edit.start',
			{
				profile: byId(14715),
				aiTools: { crop: '={{ "no" }}', straighten: '={{ 1 }}' },
				options: { photographyType: '={{ "wedding" }}' },
			},
			{ items: [projectItem('p-1')] },
		);
		expect(jsonOf(result)).toMatchObject([{ sent: true }]);
	});

	test('a list of file names may hold commas', async () => {
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiGivesDownloadLinks('edit', 'p-1', ['a, b.xmp', 'c.xmp']);
		storageGives('p-1', 'a, b.xmp', 'x');
		const options = { fileNames: '={{ ["a, b.xmp"] }}' };
		const result = await runImagen('edit.download', { options }, { items: [projectItem('p-1')] });
		expect(jsonOf(result)).toMatchObject([{ file_name: 'a, b.xmp' }]);
	});

	test('a binary field may be given by its content', async () => {
		apiGivesUploadLinks('p-1', ['1.NEF']);
		storageTakes('p-1', '1.NEF');
		const items = [photo('1.NEF', Buffer.from('x'), { project_uuid: 'p-1' })];
		const result = await runImagen('photo.upload', { binaryPropertyName: '={{ $binary.data }}' }, { items });
		expect(jsonOf(result)).toMatchObject([{ number_of_photos: 1 }]);
	});

	test('with Continue, an option that cannot be read fails its own item', async () => {
		apiReportsStatus('edit', 'p-2', 'Completed');
		apiGivesDownloadLinks('edit', 'p-2', ['a.xmp']);
		storageGives('p-2', 'a.xmp', 'x');
		const items = [projectItem('p-1', { names: { a: 1 } }), projectItem('p-2', { names: 'a.xmp' })];
		const options = { fileNames: '={{ $json.names }}' };
		apiReportsStatus('edit', 'p-1', 'Completed');
		const result = await runImagen('edit.download', { options }, { items, onError: 'continueRegularOutput' });
		expect(jsonOf(result)).toMatchObject([
			{ error: `'File Names' is '{"a":1}', which is not text` },
			{ file_name: 'a.xmp' },
		]);
	});
});

test('the text that an expression gives for an item is the same wherever an operation reads it', () => {
	const { fields } = resources.photo.operations.upload;
	let times = 0;
	const context = contextWith(fields, undefined, () => `IMG_${++times}.NEF`);
	const read = (item: number) => context.getNodeParameter('fileName', item, '');
	expect([read(0), read(1), read(0), read(1)]).toEqual(['IMG_1.NEF', 'IMG_2.NEF', 'IMG_1.NEF', 'IMG_2.NEF']);
});
