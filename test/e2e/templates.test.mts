import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeTypeDescription,
	type IWorkflowBase,
} from 'n8n-workflow';
import { SandboxClient } from '../../sandbox/sandboxClient.mts';
import { until } from '../../sandbox/until.mts';
import { openCallbackStudio, type CallbackStudio } from '../support/callbackStudio.mts';
import { folderSize, mostInFolder } from '../support/folderSize.mts';
import type { Execution, Workflow, WorkflowDefinition } from '../support/n8n/n8nClient.mts';
import { byId, jpegProfile, pollTimes, type TestNode } from '../support/n8n/workflowNodes.mts';
import { Accounts } from '../support/neighbours/accounts.mts';
import type { Dropbox } from '../support/neighbours/dropbox.mts';
import { expiredSignIn, rateLimit, type GoogleDrive } from '../support/neighbours/googleDrive.mts';
import type { OneDrive } from '../support/neighbours/oneDrive.mts';
import { buttonsOf } from '../support/neighbours/slack.mts';
import { cameraFiles, root } from '../support/root.mts';
import { releaseUnderTest } from '../support/studio.mts';
import { openLink } from './helpers/openLink.mts';
import { useStudio } from './helpers/useStudio.mts';

const templates = readdirSync(join(root, 'templates'))
	.filter((file) => file.endsWith('.json'))
	.map((file) => basename(file, '.json'));
const photos = ['Canon 1D.jpg', 'Olympus E-1.jpg', 'Pentax K10D.jpg'];
const shootName = 'Anna & Ben, 2026';
const mark = 'Imagen has started.txt';
const hourAgo = () => new Date(Date.now() - 3_600_000);
/** The project of a shoot: named after its folder and the day of its first photo. */
const dated = (name: string, day = hourAgo()) => `${name} ${day.toISOString().slice(0, 10)}`;
const projectName = dated(shootName);

/** What a user sets up in a template: a text in it, and what it becomes. */
type Settings = Record<string, string>;

let studio: CallbackStudio;
/** Where n8n keeps files. */
let storage: string;
let accounts: Accounts;

const openStudio = async () => {
	storage = await mkdtemp(join(tmpdir(), 'n8n-storage-'));
	accounts = await Accounts.open('my-photos', 'my-edited-photos');
	const env = {
		...accounts.neighbours.env,
		N8N_BINARY_DATA_STORAGE_PATH: storage,
		// Without it, n8n 2.41 keeps the files of an execution that it does not save for up to a quarter of an hour.
		EXECUTIONS_DATA_PRUNE: 'false',
		// n8n 2 leaves Execute Command out.
		NODES_EXCLUDE: '[]',
	};
	return await openCallbackStudio(env, { leastSmartPhotos: 1 });
};

useStudio(openStudio, async (opened) => {
	studio = opened;
	await accounts.saveIn(studio.client);
});

afterAll(async () => {
	await accounts?.close();
	await rm(storage, { recursive: true, force: true });
});

beforeEach(async () => {
	await studio.control.reset();
	accounts.clear();
});

afterEach(() => expect(accounts.neighbours.unknown).toEqual([]));

describe('the template google-drive-inbox', () => {
	it('the template google-drive-inbox edits a folder as one project, named after it, delivers its JPEGs to Dropbox and moves it, and does nothing when it runs again', async () => {
		const workflow = await setUp('google-drive-inbox', driveInbox());
		await shootInDrive();
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		const expectAllDone = async () => {
			expect(accounts.dropbox.files('/Edited')).toEqual(
				photos.map((photo) => `/Edited/${projectName}/${photo}`),
			);
			expect(accounts.drive.files('/Done')).toEqual(
				[...photos, mark].sort().map((name) => `/Done/${shootName}/${name}`),
			);
			expect(await projects()).toEqual([{ name: projectName, photos: photos.length }]);
			expect(await bill()).toEqual({ edits: 1, exports: 1 });
		};
		await expectAllDone();
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		await expectAllDone();
	});

	it('the template google-drive-inbox makes one project of a folder that fills over ten minutes, a sixtieth of the time here', async () => {
		const settings = {
			...driveInbox(),
			'AT_REST_MINUTES = 30': 'AT_REST_MINUTES = 0.1',
		};
		const workflow = await setUp('google-drive-inbox', settings, everySeconds(1));
		await studio.client.activate(workflow);
		const folder = accounts.drive.addFolder(`/Inbox/${shootName}`);
		const bytes = await readFile(join(cameraFiles, photos[0]));
		for (let second = 0; second < 10; second++) {
			accounts.drive.addFile(folder, `IMG_${second}.jpg`, bytes);
			await new Promise((resolve) => setTimeout(resolve, 1000));
		}
		await until(() => accounts.drive.files('/Done').length === 11, { seconds: 90 });
		await studio.client.deactivate(workflow);
		expect(await projects()).toEqual([{ name: dated(shootName, new Date()), photos: 10 }]);
		expect(accounts.dropbox.files('/Edited')).toHaveLength(10);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template google-drive-inbox leaves a folder alone for a day when it was interrupted, then resumes without a second bill', async () => {
		const workflow = await setUp('google-drive-inbox', driveInbox());
		await shootInDrive();
		await expectStop(workflow, 'Deliver', { host: 'content.dropboxapi.com', path: 'upload' });
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.dropbox.files('/Edited')).toEqual([]);
		aDayPasses(accounts.drive);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.dropbox.files('/Edited')).toHaveLength(photos.length);
		expect(accounts.drive.files('/Inbox')).toEqual([]);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template google-drive-inbox names a photo that came while the shoot was edited, and leaves the folder in the inbox', async () => {
		const workflow = await setUp('google-drive-inbox', driveInbox());
		await shootInDrive();
		const execution = await studio.client.run(workflow, 'Every 15 Minutes');
		await until(async () => (await projects()).length > 0);
		accounts.drive.addFile(accounts.drive.find(`/Inbox/${shootName}`)!.id, 'late.jpg', Buffer.from('late'));
		const { status, error } = await studio.client.executionEnd(execution);
		expect([status, error?.message]).toEqual(['error', expect.stringContaining('late.jpg')]);
		expect(accounts.drive.files('/Done')).toEqual([]);
		await expectDelivered({ edits: 1, exports: 1 });
	});

	it('the template google-drive-inbox takes one folder in each run, and skips what is no photo', async () => {
		const workflow = await setUp('google-drive-inbox', driveInbox());
		await shootInDrive('First', [...photos, 'notes.pdf', '.DS_Store']);
		await shootInDrive('Second');
		accounts.drive.addFolder('/Inbox/Empty');
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(await projects()).toEqual([{ name: dated('First'), photos: photos.length }]);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect((await projects()).map(({ name }) => name).sort()).toEqual(
			['First', 'Second'].map((name) => dated(name)),
		);
		expect(await bill()).toEqual({ edits: 2, exports: 2 });
	});

	it('the template google-drive-inbox fails in the words of Google Drive where the folder was not set up', async () => {
		const { 'ID of the folder Inbox': _, ...rest } = driveInbox();
		const { status, error } = await run(await setUp('google-drive-inbox', rest));
		expect([status, error?.node?.name]).toEqual(['error', 'List Shoots']);
		expect(`${error?.message} ${error?.description}`).toMatch(/could not be found|File not found/);
	});

	it.each([
		['a rate limit', rateLimit, /Rate Limit Exceeded|Forbidden/i],
		['an expired sign-in', expiredSignIn, /invalid_grant|credential|authoriz/i],
		[
			'a file that is gone',
			{ status: 404, json: { error: { code: 404, message: 'File not found: id-9.' } } },
			/not found|could not be found/i,
		],
	])(
		'the template google-drive-inbox stops at %s before anything is billed',
		async (_name, answer, words) => {
			await shootInDrive();
			const workflow = await setUp('google-drive-inbox', driveInbox());
			const [photo] = accounts.drive.descendants('root').filter(({ bytes }) => bytes);
			accounts.neighbours.fail({ host: 'www.googleapis.com', path: photo.id, times: 9, answer });
			const { status, error } = await run(workflow);
			expect([status, error?.node?.name]).toEqual(['error', 'Fetch Photos']);
			expect(`${error?.message} ${error?.description}`).toMatch(words);
			expect(await bill()).toEqual({ edits: 0, exports: 0 });
			expect(await projects()).toEqual([]);
		},
	);

	it('the template google-drive-inbox names the photos that Google Drive has twice, and bills nothing', async () => {
		await shootInDrive(shootName, [...photos, photos[0]]);
		const { status, error } = await run(await setUp('google-drive-inbox', driveInbox()));
		expect([status, error?.node?.name]).toEqual(['error', 'Edit Photos']);
		expect(`${error?.message} ${error?.description}`).toContain(photos[0]);
		expect(await bill()).toEqual({ edits: 0, exports: 0 });
	});
});

describe('the templates of other inboxes', () => {
	it('the template dropbox-inbox edits a folder from its links, delivers and moves it, without a photo on n8n’s disk, and does nothing when it runs again', async () => {
		const folder = accounts.dropbox.addFolder(`/Imagen/Inbox/${shootName}`);
		await fill(photos, (name, bytes) => accounts.dropbox.addFile(folder, name, bytes, hourAgo()));
		accounts.dropbox.addFile(
			accounts.dropbox.addFolder('/Imagen/Inbox'),
			'loose.jpg',
			Buffer.from('x'),
			hourAgo(),
		);
		const workflow = await setUp('dropbox-inbox', {});
		const { result, most } = await mostInFolder(filesOf(workflow), async () => await run(workflow));
		expect(result).toMatchObject({ status: 'success', error: undefined });
		const edited = photos.map((photo) => `/Imagen/Edited/${projectName}/${photo}`);
		expect(accounts.dropbox.files('/Imagen/Edited')).toEqual(edited);
		expect(accounts.dropbox.files('/Imagen/Done')).toHaveLength(photos.length + 1);
		expect(accounts.dropbox.files('/Imagen/Inbox')).toEqual(['/Imagen/Inbox/loose.jpg']);
		expect(most.files).toBeLessThanOrEqual(2 * photos.length);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(await projects()).toEqual([{ name: projectName, photos: photos.length }]);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template dropbox-inbox leaves a folder alone for a day after each time that it was interrupted', async () => {
		const folder = accounts.dropbox.addFolder(`/Imagen/Inbox/${shootName}`);
		await fill(photos, (name, bytes) => accounts.dropbox.addFile(folder, name, bytes, hourAgo()));
		const workflow = await setUp('dropbox-inbox', {});
		for (const _interruption of [1, 2]) {
			await expectStop(workflow, 'Move to Done', { host: 'api.dropboxapi.com', path: 'move_v2' });
			expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
			expect(accounts.dropbox.files('/Imagen/Done')).toEqual([]);
			aDayPasses(accounts.dropbox);
		}
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.dropbox.files('/Imagen/Done')).toHaveLength(photos.length + 1);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template dropbox-inbox fails in the words of Dropbox where the folder is missing', async () => {
		const { status, error } = await run(await setUp('dropbox-inbox', {}));
		expect([status, error?.node?.name]).toEqual(['error', 'List Files']);
		expect(`${error?.message} ${error?.description}`).toContain('not_found');
	});

	it('the template onedrive-inbox edits a folder from its links, delivers and moves it, and does nothing when it runs again', async () => {
		const ids = idsOf(accounts.oneDrive);
		const folder = accounts.oneDrive.addFolder(`/Inbox/${shootName}`);
		await fill(photos, (name, bytes) => accounts.oneDrive.addFile(folder, name, bytes, hourAgo()));
		accounts.oneDrive.addFile(
			accounts.oneDrive.addFolder('/Inbox'),
			'loose.jpg',
			Buffer.from('x'),
			hourAgo(),
		);
		const workflow = await setUp('onedrive-inbox', ids);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.oneDrive.files('/Edited')).toEqual(
			photos.map((photo) => `/Edited/${projectName}/${photo}`),
		);
		expect(accounts.oneDrive.files('/Done')).toHaveLength(photos.length + 1);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(await projects()).toEqual([{ name: projectName, photos: photos.length }]);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template s3-inbox edits a folder of a bucket, delivers to another, writes a mail, and does nothing when it runs again', async () => {
		for (const photo of photos)
			await accounts.s3.put(
				'my-photos',
				`inbox/${shootName}/${photo}`,
				await readFile(join(cameraFiles, photo)),
			);
		// The console of S3 makes such a file for a new folder.
		await accounts.s3.put('my-photos', `inbox/${shootName}/`, Buffer.alloc(0));
		const workflow = await setUp('s3-inbox', { 'AT_REST_MINUTES = 30': 'AT_REST_MINUTES = 0' });
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(await accounts.s3.keys('my-edited-photos')).toEqual(
			photos.map((photo) => `${dated(shootName, new Date())}/${photo}`),
		);
		expect(accounts.mailServer.mails.map(({ subject, text }) => [subject, text?.trim()])).toEqual([
			[`${dated(shootName, new Date())} is edited`, '3 JPEGs are in the bucket.'],
		]);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.mailServer.mails).toHaveLength(1);
		expect(await projects()).toEqual([{ name: dated(shootName, new Date()), photos: photos.length }]);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template folder-inbox edits a folder, saves the JPEGs in it and moves it, whatever its name has, and does nothing when it runs again', async () => {
		const name = "Anna & Ben's [day] (1)";
		const inbox = join(studio.workFolder, 'inbox', name);
		await mkdir(inbox, { recursive: true });
		await mkdir(join(studio.workFolder, 'done'));
		await fill(photos, async (photo, bytes) => await writeFile(join(inbox, photo), bytes));
		const settings = {
			'/home/node/.n8n-files': studio.workFolder,
			// A file's status changes when it comes, so that it cannot be made older.
			'AT_REST_MINUTES = 30': 'AT_REST_MINUTES = 0',
		};
		const workflow = await setUp('folder-inbox', settings);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(await readdir(join(studio.workFolder, 'done', name, 'edited'))).toEqual(photos);
		expect(await readdir(join(studio.workFolder, 'inbox'))).toEqual([]);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(await projects()).toEqual([{ name: dated(name, new Date()), photos: photos.length }]);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template folder-inbox fails where its folder is missing', async () => {
		const { status, error } = await run(await setUp('folder-inbox', { '/home/node/.n8n-files': '/nowhere' }));
		expect([status, error?.node?.name]).toEqual(['error', 'List Files']);
	});
});

describe('the template folder-to-folder', () => {
	const settings = () => ({
		'/home/node/.n8n-files/photos': join(studio.workFolder, 'photos'),
		'/home/node/.n8n-files/edited': join(studio.workFolder, 'edited'),
	});

	it('the template folder-to-folder edits and exports the photos of a folder into another', async () => {
		for (const folder of ['photos', 'edited']) await mkdir(join(studio.workFolder, folder));
		await fill(
			photos,
			async (name, bytes) => await writeFile(join(studio.workFolder, 'photos', name), bytes),
		);
		expect(await run(await setUp('folder-to-folder', settings()))).toMatchObject({
			status: 'success',
			error: undefined,
		});
		expect(await readdir(join(studio.workFolder, 'edited'))).toEqual(photos);
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	});

	it('the template folder-to-folder fails where the path was not set up, with what is missing', async () => {
		const { status, error } = await run(await setUp('folder-to-folder', {}));
		expect(status).toBe('error');
		expect(`${error?.message} ${error?.description}`).toMatch(/file|access/i);
		expect(await bill()).toEqual({ edits: 0, exports: 0 });
	});

	it('the template folder-to-folder fails where the folder is empty', async () => {
		await rm(join(studio.workFolder, 'photos'), { recursive: true, force: true });
		await mkdir(join(studio.workFolder, 'photos'));
		const { status, error } = await run(await setUp('folder-to-folder', settings()));
		expect([status, error?.node?.name]).toEqual(['error', 'Edit Photos']);
		expect(await bill()).toEqual({ edits: 0, exports: 0 });
	});
});

describe('the templates that wait', () => {
	it('the template edit-and-deliver-paused edits, exports, delivers, moves and notifies, each once', async () => {
		await shootInDrive();
		const workflow = await setUp('edit-and-deliver-paused', driveInbox());
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		await expectDelivered({ edits: 1, exports: 1 });
		expect(accounts.gmail.mails.map(({ subject, text }) => [subject, text?.trim()])).toEqual([
			[`${projectName} is edited`, '3 photos are edited and delivered.'],
		]);
		expect(accounts.drive.files('/Inbox')).toEqual([]);
	});

	it('the template edit-and-deliver-paused resumes a day after it was interrupted, without a second bill', async () => {
		await shootInDrive();
		const workflow = await setUp('edit-and-deliver-paused', driveInbox());
		await expectStop(workflow, 'Deliver', { host: 'content.dropboxapi.com', path: 'upload' });
		aDayPasses(accounts.drive);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		await expectDelivered({ edits: 1, exports: 1 });
	});

	it('the template pause-without-public-url sleeps until the edit is done, also while n8n restarts, and delivers', async () => {
		await shootInDrive();
		// n8n holds an execution that waits for less than 65 seconds in its memory.
		await studio.control.set({ editSeconds: 68 });
		const workflow = await setUp('pause-without-public-url', driveInbox(), {
			Wait: { amount: 66, unit: 'seconds' },
		});
		await studio.client.activate(workflow);
		const execution = await studio.client.run(workflow, 'Every 15 Minutes');
		await studio.executionPaused(execution);
		expect(await studio.client.countExecutions('running')).toBe(0);
		await studio.crash();
		expect(await studio.client.executionEnd(execution)).toMatchObject({
			status: 'success',
			error: undefined,
		});
		await studio.client.deactivate(workflow);
		await expectDelivered({ edits: 1, exports: 0 });
		expect(accounts.drive.files('/Inbox')).toEqual([]);
	}, 300_000);

	it('the template callback-starts-delivery ends its first run, and delivers in a second one', async () => {
		await shootInDrive();
		const workflow = await setUp('callback-starts-delivery', {
			...driveInbox(),
			'https://n8n.example.com': studio.callbackProxy.url,
		});
		await studio.client.activate(workflow);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.drive.files('/Inbox')).toEqual([]);
		await until(() => accounts.gmail.mails.length > 0);
		await studio.client.deactivate(workflow);
		await expectDelivered({ edits: 1, exports: 1 });
		expect(accounts.gmail.mails).toHaveLength(1);
	});

	it.each(['callback-starts-delivery', 'no-public-url'])(
		'the template %s ends with an error where Imagen could not edit the shoot, and delivers nothing',
		async (name) => {
			await shootInDrive();
			await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
			const settings = { ...driveInbox(), 'https://n8n.example.com': studio.callbackProxy.url };
			const workflow = await setUp(name, settings, { 'Edit Finished': { pollTimes } });
			const errors = await studio.client.countExecutions('error');
			await studio.client.activate(workflow);
			await until(async () => name !== 'no-public-url' || (await looks()) > 2);
			expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
			await until(async () => (await studio.client.countExecutions('error')) === errors + 1);
			await studio.client.deactivate(workflow);
			expect(accounts.gmail.mails).toEqual([]);
			expect(accounts.drive.files('/Edited')).toEqual([]);
		},
	);

	it('the template no-public-url delivers the edits that it finds completed', async () => {
		await shootInDrive();
		const workflow = await setUp('no-public-url', driveInbox(), { 'Edit Finished': { pollTimes } });
		await studio.client.activate(workflow);
		await until(async () => (await looks()) > 2);
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		await until(() => accounts.gmail.mails.length > 0);
		await studio.client.deactivate(workflow);
		expect(accounts.drive.files('/Edited')).toEqual(photos.map((photo) => `/Edited/${projectName} ${photo}`));
		expect(await bill()).toEqual({ edits: 1, exports: 0 });
		expect(accounts.gmail.mails).toHaveLength(1);
	});
});

describe('the templates with people', () => {
	it('the template wedding-with-error-branch delivers and notifies', async () => {
		await shootInDrive();
		const workflow = await setUp('wedding-with-error-branch', driveInbox());
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		await expectDelivered({ edits: 1, exports: 0 }, '/Weddings');
		expect([accounts.gmail.mails.length, accounts.slack.messages.length]).toEqual([1, 0]);
	});

	it('the template wedding-with-error-branch tells Slack of a photo that failed and of what to do, and delivers the others', async () => {
		await shootInDrive();
		await refuse(photos[1]);
		const workflow = await setUp('wedding-with-error-branch', driveInbox());
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.slack.messages.map(({ text }) => text)).toEqual([expect.stringContaining(photos[1])]);
		expect(accounts.dropbox.files('/Weddings')).toHaveLength(photos.length - 1);
	});

	it('the template wedding-with-error-branch tells Slack of an edit that failed, and delivers nothing', async () => {
		await shootInDrive();
		await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		const workflow = await setUp('wedding-with-error-branch', driveInbox());
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		expect(accounts.slack.messages.map(({ text }) => text)).toEqual([
			expect.stringContaining('could not edit project'),
		]);
		expect(accounts.dropbox.files('/Weddings')).toEqual([]);
		expect(accounts.drive.files('/Done')).toEqual([]);
	});

	it('the template real-estate-smart-editing merges and edits a house without a profile, and delivers', async () => {
		await shootInDrive();
		const workflow = await setUp('real-estate-smart-editing', driveInbox());
		expect(await run(workflow)).toMatchObject({ status: 'success', error: undefined });
		const merged = photos.map((photo) => `/Edited/${projectName}/${photo.replace('.jpg', '-HDR.jpg')}`);
		expect(accounts.dropbox.files('/Edited')).toEqual(merged);
		expect(await bill()).toEqual({ edits: 1, exports: 0 });
		expect(accounts.gmail.mails).toHaveLength(1);
	});

	it('the template approve-before-edit asks in Slack with the cost, and edits once a person has agreed', async () => {
		await shootInDrive();
		const workflow = await setUp('approve-before-edit', driveInbox());
		const execution = await studio.client.run(workflow, 'Every 15 Minutes');
		await studio.executionPaused(execution);
		expect(await bill()).toEqual({ edits: 0, exports: 0 });
		const [message] = accounts.slack.messages;
		expect(JSON.stringify(message.blocks)).toContain('3 photos would cost 0.15');
		await click(buttonsOf(message)['Edit']);
		expect(await studio.client.executionEnd(execution)).toMatchObject({
			status: 'success',
			error: undefined,
		});
		await expectDelivered({ edits: 1, exports: 0 });
		expect(accounts.drive.files('/Inbox')).toEqual([]);
	});

	it('the template approve-before-edit leaves the shoot as it is where a person says no', async () => {
		await shootInDrive();
		const workflow = await setUp('approve-before-edit', driveInbox());
		const execution = await studio.client.run(workflow, 'Every 15 Minutes');
		await studio.executionPaused(execution);
		await click(buttonsOf(accounts.slack.messages[0])['Not now']);
		expect(await studio.client.executionEnd(execution)).toMatchObject({
			status: 'success',
			error: undefined,
		});
		expect(await bill()).toEqual({ edits: 0, exports: 0 });
		expect(accounts.drive.files('/Inbox')).toHaveLength(photos.length + 1);
	});
});

describe('the template deliver-by-link', () => {
	it('the template deliver-by-link has Dropbox fetch each JPEG of an export, without a byte through n8n', async () => {
		const workflow = await setUp(
			'deliver-by-link',
			{},
			{ 'Export Completed': { pollTimes }, Wait: { amount: 1 } },
		);
		await studio.client.activate(workflow);
		await until(async () => (await looks()) > 2);
		const imagen = new SandboxClient(studio.sandbox);
		const bytes = photos.map(async (photo) => [photo, await readFile(join(cameraFiles, photo))] as const);
		const project = await imagen.projectWith(Object.fromEntries(await Promise.all(bytes)));
		await imagen.edit(project, { profile_key: jpegProfile });
		await imagen.export(project);
		await until(() => accounts.dropbox.files('/Edited').length === photos.length);
		await until(async () => (await studio.client.countExecutions('waiting')) === 0);
		await studio.client.deactivate(workflow);
		const [{ name }] = await projects();
		expect(accounts.dropbox.files('/Edited')).toEqual(photos.map((photo) => `/Edited/${name}/${photo}`));
		expect(await folderSize(filesOf(workflow))).toEqual({ files: 0, bytes: 0 });
	});
});

describe('the template large-shoot-in-batches', () => {
	const shoot = Array.from({ length: 12 }, (_, index) => `IMG_${index + 1}.jpg`);
	const batchSize = 4;

	it('the template large-shoot-in-batches edits a folder as one project and delivers it, with one batch on the disk of n8n at most', async () => {
		const workflow = await setUpShoot('whole shoot', shoot);
		const { result, most } = await mostInFolder(filesOf(workflow), async () => await run(workflow));
		expect(result).toMatchObject({ status: 'success', error: undefined });
		await expectShoot('whole shoot');
		expect(await projects()).toEqual([{ name: projectOf('whole shoot'), photos: shoot.length }]);
		expect(most.bytes).toBeGreaterThan(0);
		expect(most.bytes).toBeLessThanOrEqual(batchSize * (await photoBytes()));
		expect(await folderSize(filesOf(workflow))).toEqual({ files: 0, bytes: 0 });
	});

	it('the template large-shoot-in-batches, run again, delivers again, and uploads and pays nothing', async () => {
		const workflow = await setUpShoot('run again', shoot);
		for (const _ of ['once', 'again']) expect((await run(workflow)).status).toBe('success');
		expect(await uploads()).toHaveLength(shoot.length);
		await expectShoot('run again');
	});

	it('the template large-shoot-in-batches, run again after a batch failed, uploads all photos again and pays one edit', async () => {
		const workflow = await setUpShoot('failed batch', shoot);
		await refuse('IMG_6.jpg');
		expect((await run(workflow)).status).toBe('error');
		await studio.control.clearFaults();
		expect((await run(workflow)).status).toBe('success');
		await expectShoot('failed batch');
		expect(await uploads('IMG_1.jpg')).toHaveLength(2);
	});

	it('the template large-shoot-in-batches goes on at the failed batch where n8n retries the execution', async () => {
		const workflow = await setUpShoot('retried batch', shoot);
		await studio.client.activate(workflow);
		await refuse('IMG_6.jpg');
		const failed = await run(workflow);
		await studio.control.clearFaults();
		await studio.client.retry(failed.id);
		await until(() => accounts.dropbox.files('/Edited').length === shoot.length);
		await expectShoot('retried batch');
		expect(await uploads('IMG_1.jpg')).toHaveLength(1);
	});

	it('the template large-shoot-in-batches stops before the edit where photos of two batches have one name', async () => {
		const { status, error } = await run(await setUpShoot('same name', [...shoot, 'img_12.JPEG']));
		expect({ status, error }).toMatchObject({
			status: 'error',
			error: { message: expect.stringContaining('the same name') },
		});
		expect(accounts.dropbox.files('/Edited')).toEqual([]);
		expect(await bill()).toEqual({ edits: 0, exports: 0 });
	});

	async function setUpShoot(name: string, files: string[]): Promise<Workflow> {
		const folder = accounts.drive.addFolder('/Shoot');
		const bytes = await readFile(join(cameraFiles, photos[0]));
		for (const file of files) accounts.drive.addFile(folder, file, bytes);
		const settings = { 'Name of the shoot': name, 'ID of the folder with the photos': folder };
		const loop = { batchSize };
		return await setUp('large-shoot-in-batches', settings, { 'Upload Loop': loop, 'Deliver Loop': loop });
	}

	/** The project has the ID of the folder in its name, so that another folder is another project. */
	const projectOf = (name: string) => `${name} (${accounts.drive.addFolder('/Shoot')})`;

	async function expectShoot(name: string): Promise<void> {
		const folder = `/Edited/${projectOf(name)}`;
		expect(accounts.dropbox.files('/Edited')).toEqual(shoot.map((file) => `${folder}/${file}`).sort());
		expect(await bill()).toEqual({ edits: 1, exports: 1 });
	}
});

it.each(templates)('the template %s uses only nodes and parameters that n8n has', async (name) => {
	const types = await studio.client.nodeTypes();
	for (const templateNode of (await template(name)).nodes) {
		// In n8n 1 its guide has it left out.
		if (isHumanReview(templateNode) && releaseUnderTest?.startsWith('1.')) continue;
		const type = typeOf(templateNode, types);
		expect({ [templateNode.name]: knownParameters(templateNode, type) }).toMatchObject({
			[templateNode.name]: templateNode.parameters,
		});
	}
});

const isHumanReview = ({ type }: TestNode) => type.endsWith('HitlTool');

/** Runs a workflow to its end at its first trigger, as by its button. */
async function run(workflow: Workflow): Promise<Execution> {
	const trigger = workflow.nodes.find(({ name }) => name === 'Every 15 Minutes' || name === 'Start');
	return await studio.client.executionEnd(await studio.client.run(workflow, trigger!.name));
}

/** Runs a workflow that stops at a node, because Dropbox refuses a request once. */
async function expectStop(workflow: Workflow, node: string, refused: { host: string; path: string }) {
	const answer = { status: 409, json: { error_summary: 'path/insufficient_space/...' } };
	accounts.neighbours.fail({ ...refused, times: 1, answer });
	const { status, error } = await run(workflow);
	expect([status, error?.node?.name]).toEqual(['error', node]);
}

/** The folders of an account that a template needs, as a user enters their IDs. */
function idsOf(cloud: GoogleDrive | OneDrive): Settings {
	return Object.fromEntries(
		['Inbox', 'Edited', 'Done'].map((name) => [`ID of the folder ${name}`, cloud.addFolder(`/${name}`)]),
	);
}

const driveInbox = () => idsOf(accounts.drive);

const everySeconds = (seconds: number) => ({
	'Every 15 Minutes': { rule: { interval: [{ field: 'seconds', secondsInterval: seconds }] } },
});

/** Calls with each file and its bytes: a photo where it is one. */
async function fill(names: string[], add: (name: string, bytes: Buffer) => unknown): Promise<void> {
	for (const name of names) {
		const bytes = photos.includes(name) ? await readFile(join(cameraFiles, name)) : Buffer.from('no photo');
		await add(name, bytes);
	}
}

/** A shoot that came to rest an hour ago. */
async function shootInDrive(name = shootName, files = photos): Promise<void> {
	const folder = accounts.drive.addFolder(`/Inbox/${name}`);
	await fill(files, (file, bytes) => accounts.drive.addFile(folder, file, bytes, hourAgo()));
}

/** Makes the mark of the workflow a day older. */
function aDayPasses(cloud: GoogleDrive | Dropbox): void {
	for (const entry of cloud.descendants('root'))
		if (entry.name === mark) entry.createdAt = new Date(Date.now() - 25 * 3_600_000);
}

async function expectDelivered(expected: Bill, folder = '/Edited'): Promise<void> {
	expect(accounts.dropbox.files(folder)).toEqual(photos.map((photo) => `${folder}/${projectName}/${photo}`));
	expect(await bill()).toEqual(expected);
}

interface Bill {
	edits: number;
	exports: number;
}

async function bill(): Promise<Bill> {
	const { edits, exports } = await studio.control.billing();
	return { edits, exports };
}

async function projects(): Promise<Array<{ name: string; photos: number }>> {
	return (await studio.control.projects()).map(({ name, photos: { length } }) => ({ name, photos: length }));
}

async function click(link: string): Promise<void> {
	expect(await openLink(link, studio.n8n.url)).toBe(200);
}

/** Where n8n keeps the files of a workflow. */
const filesOf = ({ id }: Workflow) => join(storage, 'workflows', id);

async function photoBytes(): Promise<number> {
	return (await readFile(join(cameraFiles, photos[0]))).length;
}

/** The requests that brought photos to Imagen's storage: all, or those of one photo. */
async function uploads(photo = '') {
	return (await studio.control.requests()).filter(({ call, path }) => call === 'put' && path.includes(photo));
}

/** Has Imagen's storage refuse a photo. */
async function refuse(fileName: string): Promise<void> {
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 403, times: 'always', fileName });
}

/** How often a polling trigger has looked. The third look is surely one of the workflow that has just been activated. */
async function looks(): Promise<number> {
	return (await studio.control.requests()).filter(({ call }) => call === 'projects').length;
}

/** A template, as it is in the file. */
type Template = Omit<IWorkflowBase, 'nodes'> & { nodes: Array<TestNode & INode> };

async function template(name: string): Promise<Template> {
	return JSON.parse(await readFile(join(root, 'templates', `${name}.json`), 'utf8'));
}

/** The template with what a user sets up: texts, parameters by node, the profile and the accounts. */
async function setUp(
	name: string,
	settings: Settings,
	changes: Record<string, Record<string, unknown>> = {},
): Promise<Workflow> {
	let text = await readFile(join(root, 'templates', `${name}.json`), 'utf8');
	for (const [from, to] of Object.entries(settings)) text = text.replaceAll(from, to);
	const definition = JSON.parse(text) as Omit<WorkflowDefinition, 'nodes'> & { nodes: TestNode[] };
	const nodes = definition.nodes.map((templateNode) => ({
		...templateNode,
		...accounts.credentialsOf(templateNode),
		parameters: {
			...templateNode.parameters,
			...('profile' in templateNode.parameters && { profile: byId(jpegProfile) }),
			...changes[templateNode.name],
		},
	}));
	return await studio.import({ ...definition, nodes });
}

function typeOf({ type, typeVersion }: INode, types: INodeTypeDescription[]): INodeTypeDescription {
	const found = types.find(
		({ name, version }) => name === type && [version].flat().some((one) => one === typeVersion),
	);
	if (!found) throw new Error(`n8n has no ${type} of version ${typeVersion}`);
	return found;
}

/**
 * What n8n keeps of a node's parameters: it drops those that its operation does not have. Notices hold nothing,
 * and the n8n-workflow here does not know all that newer ones depend on.
 */
function knownParameters(templateNode: INode, type: INodeTypeDescription): INodeParameters | null {
	return NodeHelpers.getNodeParameters(
		type.properties.filter((property) => property.type !== 'notice'),
		templateNode.parameters,
		true,
		false,
		templateNode,
		type,
	);
}
