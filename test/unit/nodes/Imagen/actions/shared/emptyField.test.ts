import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { byId, runImagen } from '../../../../../support/imagen';
import { requests, useImagenApi } from '../../../../../support/imagenApi';

useImagenApi();

const TYPO = '={{ $json.typo }}';
const LINKS = { photosFrom: 'links', link: 'https://example.com/1' };
const PHOTO: IDataObject = { project_uuid: 'p-1', file_name: 'a.jpg', name: 'a.jpg' };

type Operation = Parameters<typeof runImagen>[0];

const fail = async (operation: Operation, parameters: INodeParameters) =>
	(await runImagen(operation, { project: byId('p-1'), ...parameters }, { items: [{ json: PHOTO }] })).error;

test.each<[label: string, operation: Operation, parameters: INodeParameters]>([
	['File Name', 'photo.upload', { ...LINKS, fileName: TYPO }],
	['Input Binary Field', 'photo.upload', { binaryPropertyName: TYPO }],
	['Input Binary Field', 'export.replacePhoto', { binaryPropertyName: TYPO }],
	['File Name', 'export.replacePhoto', { fileName: TYPO }],
	['File Name', 'retouch.reset', { fileName: TYPO }],
	['Instruction', 'retouch.applyInstruction', { instruction: TYPO }],
	['Tool Name or ID', 'retouch.applyTool', { tool: TYPO }],
	['Version ID', 'retouch.applyTool', { tool: 't', options: { startFrom: 'version', versionId: TYPO } }],
])("an expression without a value in '%s' of %s is not an empty field", async (label, operation, values) => {
	expect((await fail(operation, values))?.message).toContain(
		`'${label}' is empty for this item: the expression {{ $json.typo }} has no value`,
	);
	expect(requests()).toEqual([]);
});

test('an expression without a value for a link is named with its photo', async () => {
	const error = await fail('photo.upload', { photosFrom: 'links', link: TYPO });
	expect(error?.message).toBe("'Link' is empty for 'a.jpg': the expression {{ $json.typo }} has no value");
});

test('a field with nothing in it is empty', async () => {
	expect((await fail('retouch.applyInstruction', { instruction: '  ' }))?.message).toBe(
		"'Instruction' is empty",
	);
	const error = await fail('photo.upload', { photosFrom: 'links', link: '  ' });
	expect(error?.message).toBe("'Link' is empty for 'a.jpg'");
});

test('a link in place of a name is not shown, as it may be a secret', async () => {
	const error = await fail('photo.upload', {
		...LINKS,
		fileName: 'https://example.com/?t=secret',
	});
	expect(error?.message).toBe("'File Name' contains no file name");
});

test.each<[Operation, boolean]>([
	['retouch.reset', true],
	['retouch.applyTool', true],
	['export.replacePhoto', false],
])("%s speaks of all photos only where its panel has 'Photos'", async (operation, hasPhotos) => {
	const error = await fail(operation, { fileName: TYPO, tool: 't' });
	expect(error?.description?.includes("'Photos'")).toBe(hasPhotos);
});
