import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../sandbox/sandboxControl.mts';
import { clearResults, findFiles, photosFolder } from '../../demo/demoFiles.mts';
import type { Execution, Item, WorkflowNode } from '../support/n8n/n8nClient.mts';
import { root } from '../support/root.mts';
import { loadWorkflow, openStudio, withCredential, type Studio } from '../support/studio.mts';
import { useStudio } from './helpers/useStudio.mts';
import { photoName, takeAt, writePhotos } from '../support/photoFolder.mts';
import { editPhotos, shootWorkflow } from './helpers/shootWorkflow.mts';
import { byId, imagen, type TestNode } from '../support/n8n/workflowNodes.mts';

const photoCount = 3;
const minutes = 60_000;

let studio: Studio;

useStudio(
	async () => await openStudio({ sandbox: { editSeconds: 1, exportSeconds: 1 } }),
	async (opened) => {
		studio = opened;
		await writePhotos(join(studio.workFolder, 'photos'), photoCount, 10_000);
	},
);

beforeEach(async () => await studio.control.reset());

/** Has n8n run a workflow with shoots of the photos in a folder. */
async function start(shoots: TestNode[], photos = 'photos'): Promise<string> {
	const definition = shootWorkflow('Shoot', photos, shoots);
	const { client, credential } = studio;
	return await client.run(await client.createWorkflow(withCredential(definition, credential)), 'Start');
}

async function run(shoots: TestNode[], photos?: string): Promise<Execution> {
	return await studio.client.executionEnd(await start(shoots, photos));
}

const itemsOf = ({ runs }: Execution, name = 'Shoot'): Item[] => runs[name]?.at(-1)?.data?.main[0] ?? [];
const namesOf = (execution: Execution, name?: string) =>
	itemsOf(execution, name)
		.map(({ json }) => json.file_name)
		.sort();
const edits = ['IMG_0001.xmp', 'IMG_0002.xmp', 'IMG_0003.xmp'];

/** How often photos were sent up, whatever came of it. */
async function uploads(): Promise<number> {
	return (await studio.control.requests()).filter(({ call }) => call === 'put').length;
}

const retried = (node: TestNode): TestNode & WorkflowNode =>
	({ ...node, retryOnFail: true, maxTries: 3, waitBetweenTries: 100 }) as TestNode;

const named = { projectName: 'Anna', ifNameExists: 'useExisting' };

describe('an edit whose answer does not come', () => {
	it.each<[string, FaultRule]>([
		['times out after it was accepted', { kind: 'hang', call: 'edit' }],
		['is cut off after it was accepted', { kind: 'resetAfter', call: 'edit' }],
		['is a 500 after it was accepted', { kind: 'status', call: 'edit', status: 500, done: true }],
		['is a web page', { kind: 'html', call: 'edit' }],
	])(
		'an edit whose answer %s is found and paid once',
		async (_how, fault) => {
			await studio.control.addFaults(fault);
			const execution = await run([retried(editPhotos('Shoot', {}))]);
			expect(execution.error).toBeUndefined();
			expect(namesOf(execution)).toEqual(edits);
			expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
			expect(await uploads()).toBe(photoCount);
		},
		3 * minutes,
	);

	it(
		'an edit that never arrived is not sent again by three tries, and the error says what to check',
		async () => {
			await studio.control.addFaults({ kind: 'resetBefore', call: 'edit' });
			const execution = await run([retried(editPhotos('Shoot', {}))]);
			const [{ project_uuid: project }] = await studio.control.projects();
			expect(execution.error?.message).toContain(`It is unclear whether Imagen AI has started the edit`);
			expect(execution.error?.message).toContain(project);
			expect(await studio.control.billing()).toMatchObject({ edits: 0 });
			expect((await studio.control.requests()).filter(({ call }) => call === 'edit')).toHaveLength(1);
			expect(await uploads()).toBe(photoCount);
		},
		6 * minutes,
	);
});

describe('Retry On Fail', () => {
	it('Retry On Fail after a failure past the edit gets the results without paying or uploading again', async () => {
		await studio.control.addFaults({ kind: 'status', call: 'editLinks', status: 403, times: 2 });
		const execution = await run([retried(editPhotos('Shoot', {}))]);
		expect(namesOf(execution)).toEqual(edits);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
		expect(await uploads()).toBe(photoCount);
		expect(await studio.control.projects()).toHaveLength(1);
	});

	it('Retry On Fail after a photo that failed uploads that photo alone', async () => {
		await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, fileName: photoName(2) });
		const execution = await run([retried(editPhotos('Shoot', {}))]);
		expect(namesOf(execution)).toEqual(edits);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
		expect(await uploads()).toBe(photoCount + 1);
	});

	it('Retry On Fail after an export without an answer exports once', async () => {
		await studio.control.addFaults({ kind: 'resetAfter', call: 'export' });
		const execution = await run([retried(editPhotos('Shoot', {}, 'both'))]);
		expect(itemsOf(execution)).toHaveLength(2 * photoCount);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, exports: 1 });
	});
});

describe('the same shoot again', () => {
	it('the same shoot in two branches of a run is edited once and given to both', async () => {
		const execution = await run([editPhotos('Shoot', named), editPhotos('Shoot 2', named)]);
		expect(execution.error).toBeUndefined();
		expect([namesOf(execution), namesOf(execution, 'Shoot 2')]).toEqual([edits, edits]);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
	});

	it('the same shoot in another execution right after the start is neither uploaded nor paid again', async () => {
		await studio.control.set({ editSeconds: 20 });
		await run([editPhotos('Shoot', named, 'none')]);
		const execution = await run([editPhotos('Shoot', named)]);
		expect(namesOf(execution)).toEqual(edits);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
		expect(await uploads()).toBe(photoCount);
	});

	it('the same shoot is refused where no option says to use the existing project', async () => {
		await run([editPhotos('Shoot', { projectName: 'Anna' })]);
		const execution = await run([editPhotos('Shoot', { projectName: 'Anna' })]);
		expect(execution.error?.message).toBe("A project named 'Anna' already exists");
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
	});

	it('a shoot whose n8n was killed during the edit is resumed by the next run', async () => {
		await studio.control.set({ editSeconds: 15 });
		await start([editPhotos('Shoot', named)]);
		await until(async () =>
			(await studio.control.projects()).some(({ edit_status }) => edit_status === 'In Progress'),
		);
		await studio.crash();
		const execution = await run([editPhotos('Shoot', named)]);
		expect(namesOf(execution)).toEqual(edits);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
		expect(await uploads()).toBe(photoCount);
	});

	it('a shoot whose n8n was killed during the upload sends the photos again and nothing else', async () => {
		await studio.control.addFaults({ kind: 'hang', call: 'put', fileName: photoName(2), done: false });
		await start([editPhotos('Shoot', named)]);
		await until(async () => (await uploads()) === photoCount);
		await studio.crash();
		const execution = await run([editPhotos('Shoot', named)]);
		expect(namesOf(execution)).toEqual(edits);
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: photoCount });
		expect(await studio.control.projects()).toHaveLength(1);
	});
});

describe("the demo's shoot", () => {
	it("the demo's shoot gives every photo edited and exported, for one edit of each of its two projects", async () => {
		await cp(join(root, photosFolder), join(studio.workFolder, photosFolder), { recursive: true });
		await clearResults(studio.workFolder);
		const { client, credential } = studio;
		const workflow = await client.createWorkflow(await loadWorkflow('shoot', credential));
		const execution = await client.executionEnd(await client.run(workflow, 'Start'));
		expect(execution.error).toBeUndefined();
		expect(execution.customData).toMatchObject({
			imagen_state: 'export Completed, 2 files',
			imagen_state_2: 'export Completed, 8 files',
		});
		const files = (await findFiles(studio.workFolder, 'shoot')).flatMap(({ edited, exported }) => [
			edited,
			exported,
		]);
		expect(files.filter(({ bytes }) => !bytes)).toEqual([]);
		expect(await studio.control.billing()).toMatchObject({ edits: 2, exports: 2, photos: 10 });
	});
});

describe('a shoot of exposure brackets', () => {
	it('a merged photo and its export are linked to the frames that were taken together', async () => {
		await writePhotos(join(studio.workFolder, 'brackets'), 5, 10_000);
		await takeAt(join(studio.workFolder, 'brackets'), [
			'10:00:00',
			'10:00:01',
			'10:00:02',
			'10:05:00',
			'10:05:01',
		]);
		const execution = await run([editPhotos('Shoot', {}, 'both', { hdrMerge: true })], 'brackets');
		const matches = itemsOf(execution).map(({ json }) => [
			json.file_name,
			json.source_file_names,
			json.matched_by,
		]);
		const frames = (...numbers: number[]) => numbers.map(photoName);
		expect(matches).toEqual([
			['IMG_0001-HDR.dng', frames(1, 2, 3), 'capture time'],
			['IMG_0004-HDR.dng', frames(4, 5), 'capture time'],
			['IMG_0001-HDR.jpg', frames(1, 2, 3), 'capture time'],
			['IMG_0004-HDR.jpg', frames(4, 5), 'capture time'],
		]);
	});
});

describe('a preview', () => {
	it('a preview creates, uploads and pays nothing', async () => {
		const preview = { profile: byId(14715), ...named };
		const [plan] = itemsOf(await run([imagen('Shoot', 'shoot', 'preview', preview)]));
		expect(plan.json).toMatchObject({ number_of_photos: photoCount, photos_billed: photoCount });
		expect((await studio.control.requests()).every(({ method }) => method === 'GET')).toBe(true);
		expect(await studio.control.projects()).toEqual([]);
	});
});

describe('a shoot of 300 photos, of which one fails', () => {
	it(
		'a shoot of 300 photos, of which one fails, gives the edits of the others and names that one',
		async () => {
			const count = 300;
			await writePhotos(join(studio.workFolder, 'wedding'), count, 1_700_000);
			await studio.control.addFaults({
				kind: 'status',
				call: 'put',
				status: 400,
				fileName: photoName(180),
				times: 'always',
			});
			const execution = await run([editPhotos('Shoot', { editWithoutFailed: true })], 'wedding');
			expect(execution.error).toBeUndefined();
			expect(itemsOf(execution)).toHaveLength(count - 1);
			expect(itemsOf(execution)[0].json.photos_failed).toEqual([photoName(180)]);
			expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: count - 1 });
		},
		10 * minutes,
	);
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
	while (!(await isSo())) await sleep(100);
}
