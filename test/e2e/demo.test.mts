import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoggedRequest } from '../../sandbox/requestLog.mts';
import {
	clearResults,
	editedFolder,
	exportedFolder,
	findFiles,
	listPhotos,
	photosFolder,
} from '../../demo/demoFiles.mts';
import type { Execution } from '../support/n8n/n8nClient.mts';
import { root } from '../support/root.mts';
import { credentialFor, loadWorkflow, openStudio, type Studio } from '../support/studio.mts';
import { digest, digestsOf, filesBelow } from './helpers/digests.mts';
import { resultDigests } from './helpers/resultDigests.mts';
import { useStudio } from './helpers/useStudio.mts';
import { connections, inARow, manualStart, node, type TestNode } from '../support/n8n/workflowNodes.mts';

let studio: Studio;
let execution: Execution;

/** n8n's name for keeping binary data in memory is `default`. */
describe.each(['filesystem', 'database', 'default'])(
	'the demo workflow in real n8n, binary data: %s',
	(mode) => {
		useStudio(
			async () =>
				await openStudio({
					sandbox: { editSeconds: 1, exportSeconds: 1 },
					env: { N8N_DEFAULT_BINARY_DATA_MODE: mode },
				}),
			async (opened) => {
				studio = opened;
				const { client, credential, workFolder } = studio;
				await cp(join(root, photosFolder), join(workFolder, photosFolder), { recursive: true });
				await clearResults(workFolder);
				const workflow = await client.createWorkflow(await loadWorkflow('demo', credential));
				execution = await client.executionEnd(await client.run(workflow, 'Start'));
			},
		);

		it('the demo workflow runs to its end', () => {
			expect(execution.error).toBeUndefined();
			expect(execution.status).toBe('success');
		});

		it('the demo workflow writes an edited and an exported file for every photo', async () => {
			const photos = await findFiles(studio.workFolder);
			const missing = photos
				.flatMap(({ edited, exported }) => [edited, exported])
				.filter(({ bytes }) => !bytes);
			expect(photos).toHaveLength(10);
			expect(missing).toEqual([]);
		});

		it.each([
			['edit', editedFolder],
			['export', exportedFolder],
		])('the demo workflow writes the bytes that Imagen gives out for an %s', async (job, resultsFolder) => {
			const expected = await resultDigests(studio, job);
			expect(Object.keys(expected)).toHaveLength(10);
			expect(await digestsOf(await filesBelow(join(studio.workFolder, resultsFolder)))).toEqual(expected);
		});

		it('the demo workflow uploads every photo unchanged', async () => {
			const originals = (await listPhotos()).map(({ name }) => join(root, photosFolder, name));
			const stored = (await filesBelow(studio.sandboxFolder)).filter(isUploadedObject);
			expect(await contents(stored)).toEqual(await contents(originals));
		});

		it('the demo workflow is billed one edit and one export for each of its two projects', async () => {
			const { projects, photos } = await studio.control.billing();
			const bills = projects.map(({ edits, exports, photos_billed }) => ({ edits, exports, photos_billed }));
			expect(photos).toBe(10);
			expect(bills).toEqual([
				expect.objectContaining({ edits: 1, exports: 1 }),
				expect.objectContaining({ edits: 1, exports: 1 }),
			]);
		});

		it('the API key is sent with every call to Imagen and with none to the storage', async () => {
			const requests = await studio.control.requests();
			const withKey = (to: LoggedRequest['to']) =>
				new Set(requests.filter((request) => request.to === to).map((request) => request.api_key));
			expect(withKey('api')).toEqual(new Set([true]));
			expect(withKey('storage')).toEqual(new Set([false]));
		});

		it('the editor can download the output of a node', async () => {
			const [item] = execution.runs['Download Edits'][0].data?.main[0] ?? [];
			const written = await readFile(join(studio.workFolder, editedFolder, String(item?.json.file_name)));
			expect((await studio.client.download(item!.binary!.data)).equals(written)).toBe(true);
		});
	},
);

describe('the credential in real n8n', () => {
	useStudio(openStudio, (opened) => (studio = opened));

	it('the credential accepts the right key', async () => {
		const { client, credential, sandbox } = studio;
		const answer = await client.testCredential(credential, credentialFor(sandbox));
		expect(answer.status).toBe('OK');
	});

	it('the credential refuses a wrong key and does not repeat it', async () => {
		const { client, credential, sandbox } = studio;
		const data = { ...credentialFor(sandbox), apiKey: 'not-the-key' };
		const answer = await client.testCredential(credential, data);
		expect(answer.status).toBe('Error');
		expect(JSON.stringify(answer)).not.toContain('not-the-key');
	});

	it('the credential lets the HTTP Request node call the API', async () => {
		const { status, runs } = await request(`${studio.sandbox.apiUrl}/profiles`);
		expect(status).toBe('success');
		expect(runs.Request[0].data?.main[0]?.[0].json).toMatchObject({ data: { profiles: expect.any(Array) } });
	});

	it('the credential sends the key to no other address', async () => {
		const { status, error } = await request(studio.sandbox.storageUrl);
		expect(status).toBe('error');
		expect(error?.message).toContain('This Imagen AI credential works for');
		expect(await keysAtStorage()).toEqual([]);
	});

	it('the credential lets no answer lead a request, and with it the key, to another address', async () => {
		await studio.control.addFaults({ kind: 'redirect', call: 'profiles', status: 302, times: 'always' });
		const { status } = await request(`${studio.sandbox.apiUrl}/profiles`);
		const answer = await studio.client.testCredential(studio.credential, credentialFor(studio.sandbox));
		await studio.control.clearFaults();
		expect([status, answer.status]).toEqual(['error', 'Error']);
		expect((await studio.control.requests()).filter(({ to }) => to === 'storage')).toEqual([]);
	});
});

const keysAtStorage = async () =>
	(await studio.control.requests()).filter(({ to, api_key }) => to === 'storage' && api_key);

/** Runs n8n's HTTP Request node with the credential. */
async function request(url: string): Promise<Execution> {
	const { client, credential } = studio;
	const nodes: TestNode[] = [
		manualStart(),
		{
			...node('Request', 'n8n-nodes-base.httpRequest', 4.2, {
				url,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: 'imagenApi',
			}),
			credentials: { imagenApi: { id: credential.id, name: credential.name } },
		},
	];
	const workflow = await client.createWorkflow({
		name: 'HTTP Request',
		nodes,
		connections: connections(inARow(nodes)),
		settings: {},
	});
	return await client.executionEnd(await client.run(workflow, 'Start'));
}

/** The storage keeps an object under a key of its own, in a folder for what it is. */
function isUploadedObject(path: string): boolean {
	return path.includes('/photos/') && path.endsWith('_object');
}

/** Digests, whatever the files are called. */
async function contents(paths: string[]): Promise<string[]> {
	return (await Promise.all(paths.map(async (path) => digest(await readFile(path))))).sort();
}
