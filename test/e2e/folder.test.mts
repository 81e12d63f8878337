import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Execution, Item } from '../support/n8n/n8nClient.mts';
import { rawProfile } from '../../sandbox/sandboxClient.mts';
import { cameraFiles } from '../support/root.mts';
import { openStudio, withCredential, type Studio } from '../support/studio.mts';
import { useStudio } from './helpers/useStudio.mts';
import {
	byId,
	connections,
	imagen,
	inARow,
	manualStart,
	node,
	readFiles,
	type Links,
	type TestNode,
} from '../support/n8n/workflowNodes.mts';

let studio: Studio;

/** Camera files for the names of the card. */
const CAMERA_FILES: Record<string, string> = {
	'IMG_1.CR2': 'Canon 350D.cr2',
	'IMG_1.JPG': 'Canon 1D.jpg',
	'IMG_2.NEF': 'Nikon D70.nef',
	'IMG_2.JPG': 'Olympus E-1.jpg',
	'IMG_3.CR3': 'Canon M50.cr3',
	'IMG_3.JPG': 'Pentax K10D.jpg',
	// A JPEG that somebody has renamed.
	'IMG_5.NEF': 'Canon 1D.jpg',
};

/** What a Mac, Windows, Lightroom and the camera put beside them, and a photo whose copy broke off. */
const LITTER = ['._IMG_1.CR2', '.DS_Store', 'Thumbs.db', 'IMG_1.xmp', 'clip.MP4'];
const EMPTY = 'IMG_4.CR2';

useStudio(
	async () => await openStudio({ sandbox: { editSeconds: 0.5, exportSeconds: 0.5 } }),
	async (opened) => {
		studio = opened;
		const card = join(studio.workFolder, 'card');
		await mkdir(card);
		for (const [name, file] of Object.entries(CAMERA_FILES))
			await cp(join(cameraFiles, file), join(card, name));
		for (const name of LITTER) await writeFile(join(card, name), 'litter '.repeat(20));
		await writeFile(join(card, EMPTY), '');
	},
);

const card = readFiles('Card', 'card/{*,.*}');

/** n8n's own loop, two items at a time: its first output is for the end. */
const loop = node('Loop', 'n8n-nodes-base.splitInBatches', 3, { batchSize: 2, options: {} });

/** Says of each result which file of the card it was made from, as an expression finds it. */
const origin = node('Origin', 'n8n-nodes-base.set', 3.4, {
	assignments: {
		assignments: [{ id: '1', name: 'from', type: 'string', value: "={{ $('Card').item.json.fileName }}" }],
	},
	includeOtherFields: true,
	options: {},
});

/** Runs the nodes on the card, one after the other. @param links where they are connected otherwise */
async function run(nodes: TestNode[], links: Links = {}): Promise<Execution> {
	await studio.control.reset();
	const { client, credential } = studio;
	const row = [manualStart(), card, ...nodes, origin];
	const definition = { name: 'Card', nodes: row, connections: connections({ ...inARow(row), ...links }) };
	const workflow = await client.createWorkflow(withCredential(definition, credential));
	const execution = await client.executionEnd(await client.run(workflow, 'Start'));
	expect(execution.error).toBeUndefined();
	return execution;
}

const withErrorOutput = (step: TestNode): TestNode =>
	({ ...step, onError: 'continueErrorOutput' }) as TestNode;

const itemsOf = ({ runs }: Execution, name: string, output = 0): Item[] =>
	runs[name]?.at(-1)?.data?.main[output] ?? [];
const jsonOf = (execution: Execution, name: string, output = 0) =>
	itemsOf(execution, name, output).map(({ json }) => json);

const results = (execution: Execution) =>
	jsonOf(execution, 'Origin')
		.map(({ project_name, file_name, source_file_name, from }) => [
			project_name,
			file_name,
			source_file_name,
			from,
		])
		.sort();

const EDITED = [
	['Card', 'IMG_1.xmp', 'IMG_1.CR2', 'IMG_1.CR2'],
	['Card', 'IMG_2.xmp', 'IMG_2.NEF', 'IMG_2.NEF'],
	['Card', 'IMG_3.xmp', 'IMG_3.CR3', 'IMG_3.CR3'],
];

const failedOn = (execution: Execution, name: string) =>
	jsonOf(execution, name, 1)
		.map(({ error }) => error)
		.sort();

const FAILED = [
	expect.stringContaining(`'${EMPTY}' is empty`),
	expect.stringContaining("'IMG_5.NEF' contains a JPEG"),
];

const skippedIn = (json: Item['json'] | undefined) =>
	(json?.skipped as Array<{ file_name: string }>).map(({ file_name }) => file_name).sort();

/** The card's litter, and the JPEGs of its pairs. */
const SKIPPED = [...LITTER, 'IMG_1.JPG', 'IMG_2.JPG', 'IMG_3.JPG'].sort();

it('a whole memory card goes in by single steps: its RAW photos are edited and billed, the rest is listed or fails by itself', async () => {
	const execution = await run([
		imagen('Create', 'project', 'create', { name: 'Card' }),
		withErrorOutput(imagen('Upload', 'photo', 'upload', { options: { uploadIfMixed: 'rawOnly' } })),
		imagen('Edit', 'edit', 'start', { profile: byId(rawProfile) }),
		imagen('Wait', 'edit', 'wait'),
		imagen('Download', 'edit', 'download'),
	]);
	expect(results(execution)).toEqual(EDITED);
	expect(failedOn(execution, 'Upload')).toEqual(FAILED);
	expect(skippedIn(jsonOf(execution, 'Upload')[0])).toEqual(SKIPPED);
	expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: 3 });
});

it('a whole memory card goes in by Shoot: its RAW photos are edited and billed, the rest is listed or fails by itself', async () => {
	const execution = await run([
		withErrorOutput(
			imagen('Shoot', 'shoot', 'editPhotos', {
				profile: byId(rawProfile),
				results: 'edited',
				projectName: 'Card',
				photoOptions: { ifMixed: 'rawOnly', editWithoutFailed: true },
			}),
		),
	]);
	expect(results(execution)).toEqual(EDITED);
	expect(failedOn(execution, 'Shoot')).toEqual(FAILED);
	expect(skippedIn(jsonOf(execution, 'Shoot')[0])).toEqual(SKIPPED);
	expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: 3 });
});

it('the RAW photos and the JPEGs of a memory card become two projects, whose files do not overwrite each other', async () => {
	const execution = await run([
		withErrorOutput(
			imagen('Shoot', 'shoot', 'editPhotos', {
				profile: byId(rawProfile),
				results: 'both',
				projectName: 'Card',
				photoOptions: { ifMixed: 'split', jpegProfile: byId(29132), editWithoutFailed: true },
			}),
		),
	]);
	const files = jsonOf(execution, 'Origin').map(({ file_name }) => String(file_name).toLowerCase());
	expect(files).toHaveLength(12);
	expect(new Set(files).size).toBe(12);
	expect(failedOn(execution, 'Shoot')).toEqual(FAILED);
	expect(await studio.control.billing()).toMatchObject({ edits: 2, photos: 6 });
});

it('a memory card that goes in by a loop is edited as one shoot, and each result finds its photo', async () => {
	const photos = node('Photos', 'n8n-nodes-base.filter', 2.2, {
		conditions: {
			options: { caseSensitive: true, typeValidation: 'strict', version: 2 },
			combinator: 'and',
			conditions: [
				{
					id: '1',
					leftValue: '={{ $json.fileName }}',
					rightValue: '^IMG_[123]\\.(CR2|CR3|NEF)$',
					operator: { type: 'string', operation: 'regex' },
				},
			],
		},
		options: {},
	});
	const execution = await run(
		[
			photos,
			loop,
			imagen('Create', 'project', 'create', { name: 'Card', ifNameExists: 'useExisting' }),
			imagen('Upload', 'photo', 'upload'),
			imagen('Edit', 'edit', 'start', { profile: byId(rawProfile) }),
			imagen('Wait', 'edit', 'wait'),
			imagen('Download', 'edit', 'download'),
		],
		{ Loop: ['Edit', 'Create'], Upload: ['Loop'] },
	);
	expect(results(execution)).toEqual(EDITED);
	expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: 3 });
});
