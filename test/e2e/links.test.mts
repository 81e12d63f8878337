import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mostInFolder } from '../support/folderSize.mts';
import { LinkServer } from '../support/linkServer.mts';
import { connections, imagen, inARow, manualStart, node } from '../support/n8n/workflowNodes.mts';
import { cameraFiles } from '../support/root.mts';
import { openStudio, releaseUnderTest, type Studio } from '../support/studio.mts';
import { useStudio } from './helpers/useStudio.mts';

let studio: Studio;
let drive: LinkServer;
let storage: string;

beforeAll(async () => {
	drive = await LinkServer.open();
});

afterAll(async () => {
	await drive.close();
	await rm(storage, { recursive: true, force: true });
});

useStudio(
	async () => {
		storage = await mkdtemp(join(tmpdir(), 'n8n-storage-'));
		return await openStudio({
			env: {
				N8N_BINARY_DATA_STORAGE_PATH: storage,
				N8N_STORAGE_PATH: storage,
				// What runs on this address itself is allowed: the sandbox and the files.
				N8N_SSRF_PROTECTION_ENABLED: 'true',
				N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
			},
		});
	},
	(opened) => {
		studio = opened;
	},
);

/** Uploads what is behind links to a new project. */
async function uploadFrom(name: string, links: Array<{ name: string; link: string }>) {
	const url = drive.answer(`/${name}`, () => links);
	const nodes = [
		manualStart(),
		imagen('Create', 'project', 'create', { name }),
		node('List', 'n8n-nodes-base.httpRequest', 4.2, { url }),
		imagen('Upload', 'photo', 'upload', {
			photosFrom: 'links',
			link: '={{ $json.link }}',
			project: { __rl: true, mode: 'id', value: "={{ $('Create').first().json.project_uuid }}" },
		}),
	];
	const workflow = await studio.import({ name, nodes, connections: connections(inARow(nodes)) });
	const execution = await studio.client.run(workflow, 'Start');
	const { status, error } = await studio.client.executionEnd(execution);
	const project = (await studio.control.projects()).find((one) => one.name === name);
	return { status, error, photos: project?.photos };
}

test('photos from links go to Imagen, and nothing of them to the disk of n8n', async () => {
	const bytes = await readFile(join(cameraFiles, 'Canon 1D.jpg'));
	const links = Array.from({ length: 40 }, (_, index) => `IMG_${index + 1}.jpg`).map((name) => ({
		name,
		link: drive.keep(name, bytes),
	}));
	const { result, most } = await mostInFolder(storage, async () => await uploadFrom('by-links', links));
	expect(result).toMatchObject({ status: 'success', error: undefined });
	expect(result.photos).toHaveLength(40);
	expect(result.photos?.every((photo) => photo.bytes === bytes.length)).toBe(true);
	expect(most.bytes).toBeLessThan(bytes.length);
});

// Earlier releases have no such protection.
if (!/^(1\.|2\.8\.)/.test(releaseUnderTest ?? '')) {
	test("a link to an address that n8n's protection does not allow is refused by its name", async () => {
		const link = drive.keep('IMG_1.jpg', Buffer.from('ffd8ffe0', 'hex')).replace('127.0.0.1', '127.0.0.2');
		const { status, error, photos } = await uploadFrom('internal', [{ name: 'IMG_1.jpg', link }]);
		expect({ status, message: error?.message }).toEqual({
			status: 'error',
			message: expect.stringContaining(
				"The link to 'IMG_1.jpg' leads to an address that your n8n does not allow",
			),
		});
		expect(photos).toEqual([]);
	});
}
