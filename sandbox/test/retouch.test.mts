import sharp from 'sharp';
import { SandboxClient, bytesBehind, get, jpegProfile } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let jpeg: Buffer;
beforeAll(async () => {
	imagen = await SandboxClient.start({ editSeconds: 0, exportSeconds: 0 });
	jpeg = await photo('Pentax K10D.jpg');
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

type Source = 'REGULAR' | 'I2I';

const finished: Record<Source, (...names: string[]) => Promise<string>> = {
	async REGULAR(...names) {
		const uuid = await imagen.projectWith(photosNamed(names));
		await imagen.edit(uuid, { profile_key: jpegProfile });
		await imagen.export(uuid);
		return uuid;
	},
	async I2I(...names) {
		const uuid = await imagen.smartProjectWith(photosNamed(names));
		await imagen.smartEdit(uuid);
		return uuid;
	},
};
const photosNamed = (names: string[]) => Object.fromEntries(names.map((name) => [name, jpeg]));

const imagePath = (uuid: string, name: string, action: string) =>
	`/projects/${uuid}/images/${encodeURIComponent(name)}/${action}`;
const copilot = async (uuid: string, name: string, body: object) =>
	await imagen.call('POST', imagePath(uuid, name, 'copilot'), body);
const enhance = async (uuid: string, name: string, body: object) =>
	await imagen.call('POST', imagePath(uuid, name, 'enhance'), body);
const resetImage = async (uuid: string, name: string, body?: object) =>
	await imagen.call('DELETE', imagePath(uuid, name, 'copilot'), body);
const finalize = async (uuid: string, body: object = { project_source: 'REGULAR' }) =>
	await imagen.call('POST', `/projects/${uuid}/finalize`, body);

/** A retouch in words; of the result itself without a parent. */
const retouched = async (uuid: string, name: string, instruction: string, parent_version_id?: number) =>
	(await copilot(uuid, name, { instruction, parent_version_id, project_source: 'REGULAR' })).data;

const retouches = async () => (await imagen.control.billing()).retouches;

/** How far the pixels of two JPEGs are from each other on average, 0..255. */
async function difference(one: Buffer, other: Buffer): Promise<number> {
	const [a, b] = await Promise.all([one, other].map(async (bytes) => await sharp(bytes).raw().toBuffer()));
	expect(a.length).toBe(b.length);
	return a.reduce((sum, value, index) => sum + Math.abs(value - b[index]), 0) / a.length;
}

describe('the AI tools', () => {
	it('the AI tools are listed for both flows, with and without a slash at the end of the path', async () => {
		for (const source of ['REGULAR', 'I2I'] as const) {
			const uuid = await finished[source]('a.jpg');
			for (const path of [`/projects/${uuid}/ai-tools`, `/projects/${uuid}/ai-tools/`]) {
				const { data } = await imagen.call('GET', `${path}?project_source=${source}`);
				expect(data.prompts).toHaveLength(5);
				expect(data.prompts).toContainEqual({
					enhancement_type: 'whiten_teeth',
					label: expect.any(String),
					enabled_for_batch: true,
				});
			}
		}
	});

	it.each(['', '?project_source=', '?project_source=regular'])(
		'the AI tools are refused with a 422 list for the query "%s"',
		async (query) => {
			const { status, body } = await imagen.call(
				'GET',
				`/projects/${await imagen.create()}/ai-tools${query}`,
			);
			expect(status).toBe(422);
			expect(body.detail[0].loc).toEqual(['query', 'project_source']);
		},
	);
});

describe.each<Source>(['REGULAR', 'I2I'])('an image of a project that is %s', (project_source) => {
	it(`an instruction gives a JPEG that decodes and looks different (${project_source})`, async () => {
		const uuid = await finished[project_source]('a.jpg');
		const [{ download_link }] = (await finalize(uuid, { project_source })).data.files_list;
		const { status, data } = await copilot(uuid, 'a.jpg', {
			instruction: 'Remove the <lamp> & cable',
			parent_version_id: null,
			project_source,
		});
		expect(status).toBe(200);
		expect(data).toEqual({
			status: 'SUCCESS',
			version_id: expect.any(Number),
			enhanced_image_url: expect.any(String),
		});
		expect(new URL(data.enhanced_image_url).origin).toBe(imagen.sandbox.storageUrl);
		const image = await bytesBehind(data.enhanced_image_url);
		expect(await sharp(image).metadata()).toMatchObject({ format: 'jpeg' });
		expect(await difference(image, await bytesBehind(download_link))).toBeGreaterThan(10);
	});

	it(`a tool retouches an image, also by a path with a slash at the end (${project_source})`, async () => {
		const uuid = await finished[project_source]('a.jpg');
		const body = { tool_id: 'clean_floor', project_source };
		expect((await enhance(uuid, 'a.jpg', body)).data.status).toBe('SUCCESS');
		const path = imagePath(uuid, 'a.jpg', 'enhance/');
		expect((await imagen.call('POST', path, body)).status).toBe(200);
	});

	it(`an image cannot be retouched under the other flow (${project_source})`, async () => {
		const uuid = await finished[project_source]('a.jpg');
		const other = { project_source: project_source === 'I2I' ? 'REGULAR' : 'I2I' };
		const answers = [
			await imagen.call('GET', `/projects/${uuid}/ai-tools?project_source=${other.project_source}`),
			await copilot(uuid, 'a.jpg', { instruction: 'Brighter', ...other }),
			await enhance(uuid, 'a.jpg', { tool_id: 'clean_floor', ...other }),
			await resetImage(uuid, 'a.jpg', other),
			await finalize(uuid, other),
		];
		expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
	});
});

describe('an image', () => {
	it('an image is known by the name of its result, URL-encoded', async () => {
		const uuid = await finished.REGULAR('Zoë & Max #1 50%.jpeg');
		expect((await retouched(uuid, 'Zoë & Max #1 50%.jpg', 'Brighter')).status).toBe('SUCCESS');
		const { status } = await copilot(uuid, 'Zoë & Max #1 50%.jpeg', {
			instruction: 'Brighter',
			project_source: 'REGULAR',
		});
		expect(status).toBe(404);
	});

	it('an image can be retouched once the project is exported, and not before', async () => {
		const uuid = await imagen.projectWith({ 'a.jpg': jpeg });
		await imagen.edit(uuid, { profile_key: jpegProfile });
		const refused = [
			await copilot(uuid, 'a.jpg', { instruction: 'Brighter', project_source: 'REGULAR' }),
			await enhance(uuid, 'a.jpg', { tool_id: 'clean_floor', project_source: 'REGULAR' }),
			await resetImage(uuid, 'a.jpg', { project_source: 'REGULAR' }),
			await finalize(uuid),
		];
		for (const { status, body } of refused) {
			expect({ status, body }).toEqual({
				status: 400,
				body: { error: { message: 'Project has not been exported yet.' } },
			});
		}
		await imagen.export(uuid);
		expect((await retouched(uuid, 'a.jpg', 'Brighter')).status).toBe('SUCCESS');
	});

	it('an image of Smart Editing can be retouched once the edit is completed', async () => {
		await imagen.control.set({ editSeconds: 60 });
		const uuid = await imagen.smartProjectWith({ 'a.jpg': jpeg });
		await imagen.startSmartEdit(uuid);
		const body = { instruction: 'Brighter', project_source: 'I2I' };
		expect((await copilot(uuid, 'a.jpg', body)).status).toBe(400);
		expect((await finalize(uuid, { project_source: 'I2I' })).status).toBe(400);
	});
});

describe('a retouch is refused', () => {
	let uuid: string;
	beforeEach(async () => {
		uuid = await finished.REGULAR('a.jpg');
	});
	afterEach(async () => expect(await retouches()).toBe(0));

	const source = { project_source: 'REGULAR' };
	it.each<[string, object, string]>([
		['no instruction', { ...source }, 'instruction'],
		['an empty instruction', { instruction: '', ...source }, 'instruction'],
		['an instruction of 256 characters', { instruction: 'é'.repeat(256), ...source }, 'instruction'],
		[
			'a parent that is no number',
			{ instruction: 'a', parent_version_id: '3', ...source },
			'parent_version_id',
		],
		['no source', { instruction: 'a' }, 'project_source'],
		['an unknown source', { instruction: 'a', project_source: 'regular' }, 'project_source'],
	])('an instruction is refused with a 422 list for %s', async (_case, body, field) => {
		const { status, body: answer } = await copilot(uuid, 'a.jpg', body);
		expect(status).toBe(422);
		expect(answer.detail.map(({ loc }: any) => loc)).toEqual([['body', field]]);
	});

	it.each<[string, object, string]>([
		['no tool', { ...source }, 'tool_id'],
		['a tool that is no text', { tool_id: 1, ...source }, 'tool_id'],
		['no source', { tool_id: 'clean_floor' }, 'project_source'],
	])('a retouch by a tool is refused with a 422 list for %s', async (_case, body, field) => {
		const { status, body: answer } = await enhance(uuid, 'a.jpg', body);
		expect(status).toBe(422);
		expect(answer.detail.map(({ loc }: any) => loc)).toEqual([['body', field]]);
	});

	it('a retouch is refused for an image, a tool or a version that does not exist', async () => {
		const answers = [
			await copilot(uuid, 'b.jpg', { instruction: 'a', ...source }),
			await enhance(uuid, 'a.jpg', { tool_id: 'clean_sky', ...source }),
			await copilot(uuid, 'a.jpg', { instruction: 'a', parent_version_id: 0, ...source }),
			await enhance(uuid, 'a.jpg', { tool_id: 'clean_floor', parent_version_id: 0, ...source }),
		];
		expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
	});
});

it('an instruction of 255 characters is accepted, whatever they are', async () => {
	const uuid = await finished.REGULAR('a.jpg');
	expect((await retouched(uuid, 'a.jpg', '🌅'.repeat(255))).status).toBe('SUCCESS');
});

describe('versions', () => {
	it('a version is made from its parent, or from the result itself', async () => {
		const uuid = await finished.REGULAR('a.jpg', 'b.jpg');
		const links = new Map<string, string[]>();
		for (const name of ['a.jpg', 'b.jpg']) {
			const first = await retouched(uuid, name, 'Warmer');
			const parent = name === 'a.jpg' ? first.version_id : undefined;
			const second = await retouched(uuid, name, 'Brighter', parent);
			links.set(name, [first.enhanced_image_url, second.enhanced_image_url]);
		}
		const [[a1, a2], [b1, b2]] = await Promise.all(
			Array.from(links.values(), async (pair) => await Promise.all(pair.map(bytesBehind))),
		);
		expect(await difference(a1, b1)).toBe(0);
		expect(await difference(a2, b2)).toBeGreaterThan(10);
		expect(await difference(a2, a1)).toBeGreaterThan(10);
	});

	it('a version differs from its parent, however often the same retouch is repeated', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		const chain: Array<{ version_id: number; enhanced_image_url: string }> = [];
		for (let n = 0; n < 8; n++)
			chain.push(await retouched(uuid, 'a.jpg', 'Warmer', chain.at(-1)?.version_id));
		const [parent, last] = await Promise.all(
			chain.slice(-2).map(async ({ enhanced_image_url }) => await bytesBehind(enhanced_image_url)),
		);
		expect(await difference(parent, last)).toBeGreaterThan(10);
	});

	it('a version of one image cannot be the parent for another', async () => {
		const uuid = await finished.REGULAR('a.jpg', 'b.jpg');
		const { version_id } = await retouched(uuid, 'a.jpg', 'Warmer');
		const body = { instruction: 'Warmer', parent_version_id: version_id, project_source: 'REGULAR' };
		expect((await copilot(uuid, 'b.jpg', body)).status).toBe(404);
	});

	it('the list of projects shows the versions and what was asked for', async () => {
		const uuid = await finished.REGULAR('a.jpg', 'b.jpg');
		const { version_id: first } = await retouched(uuid, 'b.jpg', 'Warmer');
		const tool = { tool_id: 'day_to_dusk', parent_version_id: first, project_source: 'REGULAR' };
		const { data } = await enhance(uuid, 'b.jpg', tool);
		const [{ retouched: view }] = await imagen.control.projects();
		expect(view).toEqual([
			{
				file_name: 'b.jpg',
				versions: [
					{ version_id: first, parent_version_id: null, instruction: 'Warmer' },
					{ version_id: data.version_id, parent_version_id: first, tool_id: 'day_to_dusk' },
				],
			},
		]);
	});

	it('resetting an image removes its versions and no others', async () => {
		const uuid = await finished.REGULAR('a.jpg', 'b.jpg');
		const { version_id } = await retouched(uuid, 'a.jpg', 'Warmer');
		await retouched(uuid, 'b.jpg', 'Warmer');
		const { status, text } = await resetImage(uuid, 'a.jpg', { project_source: 'REGULAR' });
		expect({ status, text }).toEqual({ status: 204, text: '' });
		const body = { instruction: 'Brighter', parent_version_id: version_id, project_source: 'REGULAR' };
		expect((await copilot(uuid, 'a.jpg', body)).status).toBe(404);
		const [{ retouched: view }] = await imagen.control.projects();
		expect(view.map(({ file_name }) => file_name)).toEqual(['b.jpg']);
		expect((await resetImage(uuid, 'a.jpg', { project_source: 'REGULAR' })).status).toBe(204);
	});

	it('resetting an image needs the project source and an image', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		expect((await resetImage(uuid, 'a.jpg')).status).toBe(422);
		expect((await resetImage(uuid, 'b.jpg', { project_source: 'REGULAR' })).status).toBe(404);
	});

	it('a new export or edit removes all versions', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		const versions = async () => (await imagen.control.projects())[0].retouched;
		await retouched(uuid, 'a.jpg', 'Warmer');
		await imagen.export(uuid);
		expect(await versions()).toEqual([]);
		await retouched(uuid, 'a.jpg', 'Warmer');
		await imagen.edit(uuid, { profile_key: jpegProfile });
		expect(await versions()).toEqual([]);
	});
});

describe('finalizing', () => {
	it('finalizing gives the latest version of each image, or the result itself where there is none', async () => {
		const uuid = await finished.REGULAR('a.jpg', 'b.jpg');
		await retouched(uuid, 'a.jpg', 'Warmer');
		const { enhanced_image_url } = await retouched(uuid, 'a.jpg', 'Brighter');
		const { data } = await finalize(uuid);
		expect(data.files_list.map((file: any) => Object.keys(file))).toEqual([
			['file_name', 'download_link'],
			['file_name', 'download_link'],
		]);
		const [a, b] = data.files_list;
		expect([a.file_name, b.file_name]).toEqual(['a.jpg', 'b.jpg']);
		expect((await bytesBehind(a.download_link)).equals(await bytesBehind(enhanced_image_url))).toBe(true);
		const exported = (await imagen.download(uuid, 'export')).get('b.jpg') as Buffer;
		expect((await bytesBehind(b.download_link)).equals(exported)).toBe(true);
	});

	it('finalizing needs the project source', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		expect((await finalize(uuid, {})).status).toBe(422);
		expect((await imagen.call('POST', `/projects/${uuid}/finalize/`)).status).toBe(422);
	});
});

describe('what retouching costs', () => {
	it('every retouch is counted, in all and for each project', async () => {
		const [one, other] = [await finished.REGULAR('a.jpg'), await finished.I2I('a.jpg')];
		await retouched(one, 'a.jpg', 'Warmer');
		await enhance(one, 'a.jpg', { tool_id: 'clean_floor', project_source: 'REGULAR' });
		await enhance(other, 'a.jpg', { tool_id: 'clean_floor', project_source: 'I2I' });
		await finalize(one);
		await resetImage(one, 'a.jpg', { project_source: 'REGULAR' });
		expect(await imagen.control.billing()).toMatchObject({
			edits: 2,
			retouches: 3,
			projects: [
				{ project_uuid: one, retouches: 2 },
				{ project_uuid: other, retouches: 1 },
			],
		});
	});
});

describe('the time of a retouch', () => {
	const copilotCame = async () =>
		await until(async () => (await imagen.control.requests()).some(({ call }) => call === 'copilot'));

	it('a retouch takes as long as the setting says', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		await imagen.control.set({ retouchSeconds: 0.5 });
		const start = Date.now();
		await retouched(uuid, 'a.jpg', 'Warmer');
		expect(Date.now() - start).toBeGreaterThanOrEqual(490);
	});

	it('a reset of the sandbox ends a running retouch with nothing done', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		await imagen.control.set({ retouchSeconds: 60 });
		const asked = copilot(uuid, 'a.jpg', { instruction: 'Warmer', project_source: 'REGULAR' });
		await copilotCame();
		await imagen.control.reset();
		expect((await asked).status).toBe(500);
		expect(await retouches()).toBe(0);
	});

	it('a retouch whose image is replaced by a new edit leaves no version', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		await imagen.control.set({ retouchSeconds: 0.3 });
		const asked = retouched(uuid, 'a.jpg', 'Warmer');
		await copilotCame();
		await imagen.export(uuid);
		expect((await asked).status).toBe('SUCCESS');
		expect((await imagen.control.projects())[0].retouched).toEqual([]);
	});
});

describe('faults and the log', () => {
	it('faults and the log name every call of retouching, and the image', async () => {
		const uuid = await finished.REGULAR('Zoë 1.jpg');
		await imagen.control.clearRequests();
		await imagen.call('GET', `/projects/${uuid}/ai-tools?project_source=REGULAR`);
		await retouched(uuid, 'Zoë 1.jpg', 'Warmer');
		await enhance(uuid, 'Zoë 1.jpg', { tool_id: 'clean_floor', project_source: 'REGULAR' });
		await resetImage(uuid, 'Zoë 1.jpg', { project_source: 'REGULAR' });
		await finalize(uuid);
		const log = await imagen.control.requests();
		expect(log.map(({ call, file_name }) => [call, file_name])).toEqual([
			['tools', null],
			['copilot', 'Zoë 1.jpg'],
			['enhance', 'Zoë 1.jpg'],
			['resetImage', 'Zoë 1.jpg'],
			['finalize', null],
		]);
		expect(new Set(log.map(({ project_uuid }) => project_uuid))).toEqual(new Set([uuid]));
	});

	it('a fault can meet the retouch of one image, before or after it is billed', async () => {
		const uuid = await finished.REGULAR('a.jpg', 'b.jpg');
		await imagen.control.addFaults(
			{ kind: 'status', call: 'copilot', fileName: 'b.jpg', status: 429, retryAfter: 1 },
			{ kind: 'resetAfter', call: 'copilot', fileName: 'b.jpg' },
		);
		const body = { instruction: 'Warmer', project_source: 'REGULAR' };
		expect((await copilot(uuid, 'a.jpg', body)).status).toBe(200);
		expect((await copilot(uuid, 'b.jpg', body)).status).toBe(429);
		expect(await retouches()).toBe(1);
		await expect(copilot(uuid, 'b.jpg', body)).rejects.toThrow('fetch failed');
		expect(await retouches()).toBe(2);
	});

	it('the fault hang leaves a retouch unanswered, though it is done and billed', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		await imagen.control.addFaults({ kind: 'hang', call: 'enhance' });
		const body = { tool_id: 'clean_floor', project_source: 'REGULAR' };
		const init = { signal: AbortSignal.timeout(300) };
		const asked = imagen.call('POST', imagePath(uuid, 'a.jpg', 'enhance'), body, init);
		await expect(asked).rejects.toThrow('timeout');
		await until(async () => (await retouches()) === 1);
	});

	it('faults of links and answers also meet the calls of retouching', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		await imagen.control.addFaults(
			{ kind: 'expiredLinks', call: 'copilot' },
			{ kind: 'expiredLinks', call: 'finalize' },
			{ kind: 'unwrapped', call: 'enhance' },
			{ kind: 'missingKey', call: 'enhance', key: 'enhanced_image_url' },
			{ kind: 'truncatedJson', call: 'tools' },
		);
		const { enhanced_image_url } = await retouched(uuid, 'a.jpg', 'Warmer');
		expect((await get(enhanced_image_url)).text).toContain('Request has expired');
		const [{ download_link }] = (await finalize(uuid)).data.files_list;
		expect((await get(download_link)).text).toContain('Request has expired');
		const tool = { tool_id: 'clean_floor', project_source: 'REGULAR' };
		expect((await enhance(uuid, 'a.jpg', tool)).body).toHaveProperty('version_id');
		expect((await enhance(uuid, 'a.jpg', tool)).data).toEqual({
			status: 'SUCCESS',
			version_id: expect.any(Number),
		});
		const tools = await imagen.call('GET', `/projects/${uuid}/ai-tools?project_source=REGULAR`);
		expect(tools.body).toBeUndefined();
	});

	it('the faults redirect and resetAfter also meet the calls of retouching', async () => {
		const uuid = await finished.REGULAR('a.jpg');
		await retouched(uuid, 'a.jpg', 'Warmer');
		await imagen.control.addFaults(
			{ kind: 'redirect', call: 'copilot' },
			{ kind: 'resetAfter', call: 'resetImage' },
		);
		const init = { redirect: 'manual' as const };
		const { status } = await imagen.call('POST', imagePath(uuid, 'a.jpg', 'copilot'), {}, init);
		expect(status).toBe(307);
		await expect(resetImage(uuid, 'a.jpg', { project_source: 'REGULAR' })).rejects.toThrow('fetch failed');
		expect((await imagen.control.projects())[0].retouched).toEqual([]);
	});
});
