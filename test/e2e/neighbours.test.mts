import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Email } from 'postal-mime';
import type { Execution } from '../support/n8n/n8nClient.mts';
import {
	byId,
	connections,
	imagen,
	inARow,
	jpegProfile,
	manualStart,
	node,
} from '../support/n8n/workflowNodes.mts';
import type { TestNode } from '../support/n8n/workflowNodes.mts';
import { Accounts } from '../support/neighbours/accounts.mts';
import { cameraFiles } from '../support/root.mts';
import { openStudio, type Studio } from '../support/studio.mts';
import { digest } from './helpers/digests.mts';
import { resultDigests } from './helpers/resultDigests.mts';
import { useStudio } from './helpers/useStudio.mts';

/** What n8n's own nodes for other services hand over to the Imagen node, and get from it. */

const photos = ['Canon 1D.jpg', 'Olympus E-1.jpg', 'Pentax K10D.jpg'];
const linkHost = 'uc0123456789.dl.dropboxusercontent.com';

let studio: Studio;
let accounts: Accounts;

useStudio(
	async () => {
		accounts = await Accounts.open('studio');
		return await openStudio({
			env: accounts.neighbours.env,
			sandbox: { editSeconds: 0.5, exportSeconds: 0.5 },
		});
	},
	async (opened) => {
		studio = opened;
		await accounts.saveIn(studio.client);
		await mkdir(join(studio.workFolder, 'photos'));
		for (const photo of photos) await cp(join(cameraFiles, photo), join(studio.workFolder, 'photos', photo));
	},
);

afterAll(async () => await accounts?.close());

beforeEach(async () => {
	await studio.control.reset();
	accounts.clear();
});

afterEach(() => expect(accounts.neighbours.unknown).toEqual([]));

const readPhotos = node('Read Photos', 'n8n-nodes-base.readWriteFile', 1, {
	operation: 'read',
	fileSelector: 'photos/*.jpg',
	options: {},
});

const editShoot = (more: Record<string, unknown> = {}) =>
	imagen('Edit Photos', 'shoot', 'editPhotos', { profile: byId(jpegProfile), results: 'exported', ...more });

it('Send Email attaches the JPEGs of a shoot to one mail, byte by byte', async () => {
	const send = node('Send Email', 'n8n-nodes-base.emailSend', 2.1, {
		fromEmail: 'n8n@example.com',
		toEmail: 'studio@example.com',
		subject: '={{ $json.project_name }}',
		emailFormat: 'text',
		text: 'Your photos',
		options: { attachments: "={{ Object.keys($binary).join(',') }}" },
	});
	const resultOptions = { shootOutput: 'shoot' };
	await succeed(readPhotos, editShoot({ projectName: 'Anna and Ben', resultOptions }), send);
	expect(accounts.mailServer.mails).toHaveLength(1);
	await expectAttached(accounts.mailServer.mails[0]);
});

it('Gmail attaches the JPEGs of a shoot to one mail, byte by byte', async () => {
	const attachments = { attachmentsBinary: [{ property: "={{ Object.keys($binary).join(',') }}" }] };
	const send = node('Gmail', 'n8n-nodes-base.gmail', 2.1, {
		sendTo: 'studio@example.com',
		subject: 'Your photos',
		emailType: 'text',
		message: 'Your photos',
		options: { attachmentsUi: attachments },
	});
	await succeed(readPhotos, editShoot({ resultOptions: { shootOutput: 'shoot' } }), send);
	expect(accounts.gmail.mails).toHaveLength(1);
	await expectAttached(accounts.gmail.mails[0]);
});

it('photos that Google Drive, Dropbox, OneDrive and S3 download keep their names on the way to Imagen', async () => {
	const bytes = await readFile(join(cameraFiles, photos[0]));
	const file = accounts.drive.addFile('root', 'Drive 1.JPG', bytes);
	accounts.dropbox.addFile(accounts.dropbox.addFolder('/Photos'), 'Dropbox 1.JPG', bytes);
	const item = accounts.oneDrive.addFile('root', 'OneDrive 1.JPG', bytes);
	await accounts.s3.put('studio', 'photos/S3 1.JPG', bytes);
	const downloads = [
		node('Google Drive', 'n8n-nodes-base.googleDrive', 3, {
			operation: 'download',
			fileId: byId(file.id),
			options: {},
		}),
		node('Dropbox', 'n8n-nodes-base.dropbox', 1, {
			authentication: 'oAuth2',
			operation: 'download',
			path: '/Photos/Dropbox 1.JPG',
		}),
		node('OneDrive', 'n8n-nodes-base.microsoftOneDrive', 1, { operation: 'download', fileId: item.id }),
		node('S3', 'n8n-nodes-base.awsS3', 2, {
			operation: 'download',
			bucketName: 'studio',
			fileKey: 'photos/S3 1.JPG',
		}),
	];
	for (const download of downloads) await succeed(download, editShoot({ projectName: download.name }));
	const projects = await studio.control.projects();
	expect(projects.map(({ name, photos: [photo] }) => [name, photo.file_name]).sort()).toEqual([
		['Dropbox', 'Dropbox 1.JPG'],
		['Google Drive', 'Drive 1.JPG'],
		['OneDrive', 'OneDrive 1.JPG'],
		['S3', 'S3 1.JPG'],
	]);
});

describe('a photo from a link of Dropbox', () => {
	const fromLink = async (): Promise<TestNode[]> => {
		const bytes = await readFile(join(cameraFiles, photos[0]));
		accounts.dropbox.addFile(accounts.dropbox.addFolder('/Photos'), photos[0], bytes);
		const getLink = node('Get Link', 'n8n-nodes-base.httpRequest', 4.2, {
			method: 'POST',
			url: 'https://api.dropboxapi.com/2/files/get_temporary_link',
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'dropboxOAuth2Api',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: JSON.stringify({ path: `/Photos/${photos[0]}` }),
			options: {},
		});
		const link = { photosFrom: 'links', link: '={{ $json.link }}', fileName: '={{ $json.metadata.name }}' };
		return [getLink, editShoot(link)];
	};

	it('a photo from a link of Dropbox is fetched again after a rate limit', async () => {
		const answer = { status: 429, headers: { 'retry-after': '1' } };
		accounts.neighbours.fail({ host: linkHost, path: '/cd/0/get', times: 1, answer });
		await succeed(...(await fromLink()));
		expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: 1 });
	});

	it('a photo from a link of Dropbox that has expired is an error with the photo and what to do, and the link in none of it', async () => {
		const answer = { status: 410, bytes: Buffer.from('gone') };
		accounts.neighbours.fail({ host: linkHost, path: '/cd/0/get', times: 99, answer });
		const { status, error } = await run(...(await fromLink()));
		expect(status).toBe('error');
		const words = `${error?.message} ${error?.description}`;
		expect(words).toContain(photos[0]);
		expect(words).toContain('expired');
		expect(words).not.toContain('link-token');
		expect(await studio.control.billing()).toMatchObject({ edits: 0 });
	});
});

/** The mail has each JPEG that Imagen exported, as Imagen gives it out. */
async function expectAttached({ attachments }: Email): Promise<void> {
	expect(attachments.map(({ filename }) => filename).sort()).toEqual(photos);
	expect(new Set(attachments.map(({ mimeType }) => mimeType))).toEqual(new Set(['image/jpeg']));
	const digests = attachments.map(({ filename, content }) => [
		filename,
		digest(Buffer.from(content as ArrayBuffer)),
	]);
	expect(Object.fromEntries(digests)).toEqual(await resultDigests(studio, 'export'));
}

async function succeed(...nodes: TestNode[]): Promise<void> {
	expect(await run(...nodes)).toMatchObject({ status: 'success', error: undefined });
}

/** Runs nodes in a row, with their accounts. */
async function run(...nodes: TestNode[]): Promise<Execution> {
	const all = [manualStart(), ...nodes].map((each) => ({
		...each,
		...accounts.credentialsOf(each),
	}));
	const workflow = await studio.import({
		name: 'Neighbours',
		nodes: all,
		connections: connections(inARow(all)),
	});
	return await studio.client.executionEnd(await studio.client.run(workflow, 'Start'));
}
