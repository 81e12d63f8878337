import type { IDataObject } from 'n8n-workflow';
import { jpegProfile } from '../../sandbox/sandboxClient.mts';
import type { InputItem } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import {
	create,
	download,
	expression,
	exportStart,
	exportWait,
	finalize,
	FLOWS,
	nodesInARow,
	photos,
	retouch,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Ended,
	type Step,
} from './studio.mts';

const studio = useStudio();

const NAMES = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF', 'A_5.NEF'];

/** Photos with a word of their own in their items, as of the folder that they were in. */
const ITEMS: InputItem[] = NAMES.map((name) => ({ ...photos(name)[0], json: { of: `item of ${name}` } }));

/** Two memory cards that count from the same number. */
const CARDS: InputItem[] = [...ITEMS, ...ITEMS].map((item, index) => ({
	...item,
	files: { data: { ...item.files!.data, bytes: Buffer.alloc(300, `${index}\0`) } },
	json: { of: index < ITEMS.length ? 'first card' : 'second card' },
}));

const UNIQUE = { options: { ifNamesRepeat: 'makeUnique' } };

const finished = [exportStart(), exportWait()];

/** The name of each result, and what a column of its item says. */
const column = (run: Ended, step: string, key: string) =>
	Object.fromEntries(run.json(step).map((json) => [json.file_name, json[key]]));

describe.each(FLOWS)('the photo behind each result (%s)', (flow) => {
	test('is found by the nodes after Download, though the nodes between have one item for the project', async () => {
		const values = {
			Photo: "$('Photos').item.json.of + ' for ' + $json.file_name.slice(0, 3)",
			Project: "$('Create').item.json.project_name",
			State: "$('Wait').item.json.status",
		};
		const readers = Object.entries(values).map(([name, text]) => ({
			...expression(name, text),
			after: 'Download',
		}));
		const run = await studio.run([...nodesInARow('Anna', { flow }), ...readers], ITEMS);
		expect(run.words).toBe('');
		const valuesOf = (name: string) => run.json(name).map(({ value, error }) => value ?? error);
		expect(valuesOf('Photo').sort()).toEqual(NAMES.map((name) => `item of ${name} for ${name.slice(0, 3)}`));
		expect(valuesOf('Project')).toEqual(NAMES.map(() => 'Anna'));
		expect(valuesOf('State')).toEqual(NAMES.map(() => 'Completed'));
	});

	test('is linked to its own item where Upload gives one for each photo', async () => {
		const onePerPhoto = upload({ parameters: { options: { uploadOutput: 'photo' } } });
		const reader = expression('Photo', "$('Upload').item.json.file_name");
		const run = await studio.run(
			[create('Anna', { flow }), onePerPhoto, start({ flow }), wait(), download(), reader],
			ITEMS,
		);
		expect(run.words).toBe('');
		expect(
			run
				.json('Photo')
				.map(({ value }) => value)
				.sort(),
		).toEqual(NAMES);
	});

	test('is named with the name that it had on its memory card, down to the finished JPEG', async () => {
		const steps = [
			create('Anna', { flow }),
			upload({ parameters: UNIQUE }),
			start({ flow }),
			wait(),
			download(),
		];
		const rest = [...(flow === 'REGULAR' ? finished : []), retouch, finalize];
		const run = await studio.run(
			[...steps, ...rest.map((step, index) => ({ ...step, ...(index === 0 && { after: 'Wait' }) }))],
			CARDS,
		);
		expect(run.words).toBe('');
		for (const step of ['Download', 'Retouch', 'Finalize']) {
			const sources = Object.values(column(run, step, 'source_file_name'));
			expect([step, sources.sort()]).toEqual([
				step,
				[...NAMES, ...NAMES.map((name) => name.replace('.', '-2.'))].sort(),
			]);
			const originals = run.json(step).map((json) => [json.source_file_name, json.original_file_name]);
			for (const [source, original] of originals)
				expect(original).toBe(NAMES.includes(String(source)) ? undefined : String(source).replace('-2', ''));
		}
	});

	test('is told by Shoot as by the single nodes', async () => {
		const row = await studio.run(
			[create('Anna', { flow }), upload({ parameters: UNIQUE }), start({ flow }), wait(), download()],
			CARDS,
		);
		const run = await studio.run([shoot('Ben', { flow, ...UNIQUE })], CARDS);
		expect(run.words).toBe('');
		const told = ({ file_name, source_file_name, original_file_name }: IDataObject) =>
			JSON.stringify({ file_name, source_file_name, original_file_name });
		expect(run.json('Shoot').map(told).sort()).toEqual(row.json('Download').map(told).sort());
	});
});

test('the project is named in every output, also where it was given by its ID alone', async () => {
	await studio.run([...nodesInARow('Anna'), ...finished], ITEMS);
	const { project_uuid } = await studio.project('Anna');
	const steps: Step[] = [
		upload({ parameters: { project: byId(project_uuid) } }),
		start({ project: byId(project_uuid), options: { ifAlreadyStarted: 'startAgain' } }),
		...(
			['project.get', 'edit.getStatus', 'edit.wait', 'edit.download', 'edit.getDownloadLinks'] as const
		).map((operation) => ({ name: operation, operation })),
		...finished,
		...(
			[
				'export.getStatus',
				'export.download',
				'export.getDownloadLinks',
				'retouch.getTools',
				'retouch.applyInstruction',
				'retouch.reset',
				'retouch.finalize',
			] as const
		).map((operation) => ({
			name: operation,
			operation,
			parameters: { photos: 'all', instruction: 'Brighter', project: byId(project_uuid) },
		})),
	];
	const run = await studio.run(steps, photos('B_1.NEF'));
	expect(run.words).toBe('');
	for (const { name } of steps) {
		expect([name, [...new Set(run.json(name).map((json) => json.project_name))]]).toEqual([name, ['Anna']]);
	}
});

test('the project is not asked for its name where an item tells it', async () => {
	await studio.run(nodesInARow('Anna'), ITEMS);
	const { project_uuid } = await studio.project('Anna');
	studio.restart();
	await studio.control.clearRequests();
	const status: Step = { name: 'Status', operation: 'edit.getStatus' };
	// Another workflow: its static data knows no project.
	const items = [{ json: { project_uuid, project_name: 'Anna' } }];
	const run = await studio.run([status], items, { workflow: 'another' });
	expect(run.json('Status')).toMatchObject([{ project_name: 'Anna' }]);
	expect(await studio.requests('project')).toBe(0);
});

test('a result of merged brackets names no single photo as its source', async () => {
	const run = await studio.run(nodesInARow('Anna', { tools: { hdrMerge: true } }), ITEMS);
	expect(run.words).toBe('');
	expect(run.json('Download').map((json) => 'source_file_name' in json)).toEqual([false, false]);
});

test('the pairs of a shoot that is split give files of different names', async () => {
	const pairs = photos('1.NEF', '1.JPG', '2.NEF', '2.JPG');
	const run = await studio.run(
		[shoot('Anna', { results: 'both', options: { ifMixed: 'split', jpegProfile: byId(jpegProfile) } })],
		pairs,
	);
	expect(run.words).toBe('');
	const names = run.items('Shoot').map(({ json, binary }) => [json.file_name, binary?.data.fileName]);
	expect(names.every(([name, inBinary]) => name === inBinary)).toBe(true);
	const keys = names.map(([name]) => String(name).toLowerCase());
	expect(new Set(keys).size).toBe(8);
	expect(keys).toContain('1.xmp');
});
