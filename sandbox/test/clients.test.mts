import { posix } from 'node:path';
import { SandboxClient, bytesBehind } from '../sandboxClient.mts';
import { md5 } from './helpers/cameraFiles.mts';

/*
 * What Imagen's own clients send, call by call, and what they need in the answers: where they read one answer more or less
 * strictly, what the strictest needs. No client has a model of the callback.
 */

/** How a client writes its requests. */
interface Client {
	inPath: (name: string) => string;
	inQuery: (name: string) => string;
	/** The photo whose name it can write in a path. */
	pathStem: string;
	/** What goes with the PUT of a photo. */
	putHeaders: Record<string, string>;
	/** Whether its PUT announces the digest that it asked the link for; where not, S3 refuses such a PUT. */
	putsDigest: boolean;
	/** Whether it names downloads by the path of their link, rather than by `file_name`. */
	namesByLink: boolean;
}

const stem = 'Été & +1';
const hashStem = `${stem} #2`;
const photos = [`${stem}.nef`, `${hashStem}.nef`];

const asForm = (text: string) => String(new URLSearchParams({ x: text })).slice('x='.length);
const plain = { inQuery: asForm, putHeaders: {}, putsDigest: false, namesByLink: false };
/** Left to the URL, which ends a path at its #. */
const unescaped = { ...plain, inPath: (name: string) => name, pathStem: stem };
const escaped = { ...plain, inPath: encodeURIComponent, pathStem: hashStem };
const escapedAsInGo = (name: string) =>
	encodeURIComponent(name).replace(/%(24|26|2B|3A|3D|40)/g, decodeURIComponent);

const clients = {
	// imagenai/imagen-ai-sdk: imagen_sdk/{imagen_sdk,_projects,_i2i,_enhancement,models}.py
	'Python SDK': { ...unescaped, inQuery: encodeURIComponent, namesByLink: true },
	// imagenai/imagen-ai-sdk: sdks/go/{client,discovery,projects,i2i,edit,enhance,upload,download,models}.go
	'Go SDK': { ...escaped, inPath: escapedAsInGo, putsDigest: true },
	// imagenai/imagen-ai-sdk: sdks/java/src/main/java/ai/imagen/{ImagenClient,Transfers,Dtos,ProjectListItem}.java
	'Java SDK': { ...escaped, putsDigest: true },
	// imagenai/imagen-ai-sdk: sdks/node/src/{_base,_projects,_i2i,_enhancement,models,utils}.ts
	'Node SDK': { ...unescaped, namesByLink: true },
	// imagenai/imagen-ai-node-sdk: src/{client,convenience,utils}.ts
	'first Node SDK': { ...unescaped, namesByLink: true },
	// imagenai/imagen-api: python/api_client.py
	'sample client': { ...unescaped, putHeaders: { 'Content-Type': '' }, putsDigest: true },
} satisfies Record<string, Client>;

type ClientName = keyof typeof clients;
const all = Object.keys(clients) as ClientName[];
const sdks: ClientName[] = ['Python SDK', 'Go SDK', 'Java SDK', 'Node SDK'];
const pythonNode: ClientName[] = ['Python SDK', 'Node SDK'];
const goJava: ClientName[] = ['Go SDK', 'Java SDK'];

type Kind = 'integer' | 'number' | 'text' | 'texts' | 'switch' | 'link' | 'Completed';
/** What a model requires; with a question mark it may be null or missing. A list must not be empty. */
type Shape = Kind | `${Kind}?` | [Shape] | { [field: string]: Shape };

const kinds: Record<Kind, (value: unknown) => boolean> = {
	integer: Number.isInteger,
	number: (value) => typeof value === 'number',
	text: (value) => typeof value === 'string',
	texts: (value) => Array.isArray(value) && value.every(kinds.text),
	switch: (value) => typeof value === 'boolean',
	link: (value) => typeof value === 'string' && value.startsWith(`${imagen.sandbox.storageUrl}/`),
	Completed: (value) => value === 'Completed',
};

/** Where a value is not of its shape. */
function misfits(value: unknown, shape: Shape, place = 'data'): string[] {
	if (typeof shape === 'string') {
		const kind = shape.replace('?', '') as Kind;
		const isOptional = kind !== shape && (value ?? null) === null;
		return isOptional || kinds[kind](value) ? [] : [`${place}: ${JSON.stringify(value)} is no ${kind}`];
	}
	if (Array.isArray(shape)) {
		if (!Array.isArray(value) || value.length === 0) return [`${place}: nothing is listed`];
		return value.flatMap((item, index) => misfits(item, shape[0], `${place}[${index}]`));
	}
	const fields = Object(value) as Record<string, unknown>;
	return Object.entries(shape).flatMap(([name, inner]) => misfits(fields[name], inner, `${place}.${name}`));
}

const names = { profile_name: 'text', profile_type: 'text', image_type: 'text' } satisfies Shape;
const profiles: Shape = { profiles: [{ profile_key: 'integer', ...names }] };
const skies: Shape = { templates: [{ id: 'integer', is_default: 'switch' }] };
const identified: Shape = { project_uuid: 'text' };
const item = {
	...{ project_uuid: 'text', project_id: 'integer?', customer_reference_id: 'integer', name: 'text?' },
	...{ status: 'text', created_at: 'text', number_of_images: 'integer', profile: 'text?' },
	...{ ai_tools: 'texts?', thumbnail_src: 'link?', export_status: 'text?' },
} satisfies Shape;
const pictured = { ...item, status: 'Completed', thumbnail_src: 'link' } satisfies Shape;
const pagination: Shape = { total: 'integer', size: 'integer', page: 'integer' };
const pageOf = (project: Shape): Shape => ({ projects: [project], pagination });
const state = { status: 'text', progress: 'number?', details: 'text?' } satisfies Shape;
const uploadLink: Shape = { file_name: 'text', upload_link: 'link' };
const single = { download_link: 'link' } satisfies Shape;
const downloadLink: Shape = { file_name: 'text', ...single };
const downloads: Shape = { files_list: [downloadLink] };
const tool: Shape = { enhancement_type: 'text', label: 'text?', enabled_for_batch: 'switch?' };
/** The version goes into the next request as a number. */
const version: Shape = { status: 'text', version_id: 'integer', enhanced_image_url: 'link' };

const each = (value: unknown, names: string) =>
	Object.fromEntries(names.split(' ').map((name) => [name, value]));
const smartOptions = {
	...each(true, 'hdr_merge perspective_correction sky_replacement'),
	sky_replacement_template_id: 2,
	callback_url: 'https://example.com/callback',
};
const options = {
	...smartOptions,
	...each(true, 'portrait_crop smooth_skin subject_mask window_pull'),
	...{ profile_key: 196, photography_type: 'REAL_ESTATE' },
	...{ crop_aspect_ratio: '4X5', hdr_output_compression: 'LOSSLESS' },
};
/** Off is false or null, and a key from the command line is text. */
const sampleOptions = {
	...each(false, 'crop straighten subject_mask hdr_merge smooth_skin portrait_crop perspective_correction'),
	...each(false, 'window_pull sky_replacement'),
	...each(null, 'callback_url sky_replacement_template_id hdr_output_compression'),
	profile_key: '196',
};

type Stage = 'empty' | 'uploaded' | 'edited';
type State = Stage | `smart and ${Stage}` | 'exported' | 'not there';

/** A request and what is read of its answer, which without a shape may be 204 and else must be JSON. */
type Request = [
	project: State,
	/** Method, path and query, in which `:uuid`, `:name`, `:image` and `:file` stand for the project's. */
	call: string,
	gives?: Shape,
	body?: object,
	/** Without it, `application/json`, or none without a body. */
	contentType?: string,
];
type Call = [by: ClientName[], ...Request];

const callsOfEitherFlow = (flow: '' | '/i2i'): Call[] => {
	const [empty, done]: State[] = flow ? ['smart and empty', 'smart and edited'] : ['empty', 'exported'];
	const [firstNode, sample]: ClientName[][] = flow ? [[], []] : [['first Node SDK'], ['sample client']];
	const results = flow ? '/i2i/projects/:uuid' : '/projects/:uuid/export';
	const page = flow ? 'size=20&page=0' : 'size=20&page=0&client_type=API&get_thumbnail=true';
	return [
		[[...sdks, ...firstNode], 'not there', `POST ${flow}/projects/`, identified, { name: 'Smith' }],
		[[...pythonNode, ...firstNode], 'not there', `POST ${flow}/projects/`, identified, {}],
		[[...goJava, ...sample], 'not there', `POST ${flow}/projects/`, identified],
		[goJava, done, `GET ${flow}/projects`, pageOf(item)],
		[pythonNode, done, `GET ${flow}/projects?${page}`, pageOf(item)],
		[sdks, done, `GET ${flow}/projects?${page}&is_archived=false`, pageOf(flow ? item : pictured)],
		[goJava, empty, `GET ${flow}/projects/:uuid`, item],
		[pythonNode, empty, `GET ${flow}/projects/:uuid?get_thumbnail=false`, item],
		[sdks, done, `GET ${flow}/projects/:uuid?get_thumbnail=true`, pictured],
		[sdks, done, `GET ${results}/get_upload_link?file_name=:file`, uploadLink],
	];
};

const calls: Call[] = [
	[all, 'not there', 'GET /profiles', profiles],
	[sdks, 'not there', 'GET /projects/sky_replacement/templates', skies],
	...callsOfEitherFlow(''),
	[sdks, 'empty', 'GET /projects/:name/uuid', identified],
	[[...sdks, 'first Node SDK'], 'uploaded', 'POST /projects/:uuid/edit', undefined, options, ''],
	[['sample client'], 'uploaded', 'POST /projects/:uuid/edit', undefined, sampleOptions],
	[all, 'uploaded', 'GET /projects/:uuid/edit/status', state],
	[all, 'edited', 'GET /projects/:uuid/edit/status', { ...state, status: 'Completed' }],
	[all, 'edited', 'POST /projects/:uuid/export'],
	[all, 'exported', 'GET /projects/:uuid/export/status', { ...state, status: 'Completed' }],
	[sdks, 'exported', 'GET /projects/:uuid/export/get_download_link?file_name=:file', downloadLink],
	...callsOfEitherFlow('/i2i'),
	[sdks, 'smart and empty', 'GET /i2i/projects/is_valid_name?name=:file', { is_valid: 'switch' }],
	[sdks, 'smart and uploaded', 'POST /i2i/projects/:uuid/edit', { message: 'text' }, smartOptions],
	[pythonNode, 'smart and uploaded', 'POST /i2i/projects/:uuid/edit', { message: 'text' }, {}],
	[goJava, 'smart and uploaded', 'POST /i2i/projects/:uuid/edit'],
	[sdks, 'smart and edited', 'GET /i2i/projects/:uuid/get_download_link?file_name=:file', single],
];

let imagen: SandboxClient;
beforeAll(async () => {
	imagen = await SandboxClient.start({ editSeconds: 0, exportSeconds: 0, plainResults: true });
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

/** A project that is so far, of a name that the client can write in a path. */
async function projectOf(client: ClientName, needs: State): Promise<string> {
	const name = clients[client].pathStem;
	if (needs === 'not there') return '';
	if (needs === 'smart and empty') return await imagen.createSmart(name);
	if (needs === 'smart and uploaded' || needs === 'smart and edited') {
		const files = Object.fromEntries(photos.map((photo) => [photo, Buffer.from(photo)]));
		const uuid = await imagen.smartProjectWith(files);
		if (needs === 'smart and edited') await imagen.smartEdit(uuid);
		return uuid;
	}
	const ready = { name, photos: needs === 'empty' ? [] : photos, state: needs };
	return (await imagen.control.createProject(ready)).project_uuid;
}

/** Sends a call as the client writes it; gives the `data` of the answer. */
async function send(client: ClientName, uuid: string, call: string, body?: object, contentType?: string) {
	const { inPath, inQuery, pathStem }: Client = clients[client];
	const [method, template] = call.split(' ');
	const target = template
		.replace(':uuid', uuid)
		.replace(':name', inPath(pathStem))
		.replace(':image', inPath(`${pathStem}.jpg`))
		.replace(':file', inQuery(`${hashStem}.jpg`));
	const type = contentType ?? (body && 'application/json');
	const response = await fetch(`${imagen.sandbox.apiUrl}${target}`, {
		method,
		headers: { 'x-api-key': imagen.sandbox.apiKey, ...(type !== undefined && { 'Content-Type': type }) },
		body: body && JSON.stringify(body),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${response.status} ${text}`);
	return response.status === 204 ? undefined : JSON.parse(text).data;
}

/** Sends a call and expects an answer of this shape. */
async function ask(client: ClientName, uuid: string, call: string, gives: Shape, body?: object) {
	const data = await send(client, uuid, call, body);
	expect(misfits(data, gives)).toEqual([]);
	return data;
}

const made = calls.flatMap(([by, ...request]) =>
	by.map((client): [ClientName, ...Request] => [client, ...request]),
);
it.each(made)(
	'the %s, with a project that is %s, reads what it needs in the answer to %s',
	async (...[client, needs, call, gives, body, contentType]) => {
		const data = await send(client, await projectOf(client, needs), call, body, contentType);
		if (gives) expect(misfits(data, gives)).toEqual([]);
	},
);

/** The PUT of a photo, or of a part of one, as the client sends it. */
async function put(client: ClientName, link: string, bytes: Buffer, digest?: string): Promise<void> {
	const headers = { ...clients[client].putHeaders, ...(digest !== undefined && { 'Content-MD5': digest }) };
	const { status } = await fetch(link, { method: 'PUT', headers, body: new Uint8Array(bytes) });
	expect(status).toBe(200);
}

const storedBytes = async () => (await imagen.control.projects())[0].photos.map(({ bytes }) => bytes);

describe('uploads', () => {
	const bytes = Buffer.from('a photo');

	async function upload(client: ClientName, flow: '' | '/i2i', digest?: string): Promise<void> {
		await imagen.control.reset();
		const uuid = await projectOf(client, flow ? 'smart and empty' : 'empty');
		const files_list = photos.map((file_name) => ({ file_name, md5: digest }));
		const body = { files_list, ...(flow && { client_type: 'API' }) };
		const call = `POST ${flow}/projects/:uuid/get_temporary_upload_links`;
		const data = await ask(client, uuid, call, { files_list: [uploadLink] }, body);
		for (const { upload_link } of data.files_list) await put(client, upload_link, bytes, digest);
		expect(await storedBytes()).toEqual([bytes.length, bytes.length]);
	}

	it.each(all)('the %s uploads photos', async (client) => {
		await upload(client, '');
		if (clients[client].putsDigest) await upload(client, '', md5(bytes));
	});

	it.each(sdks)('the %s uploads photos of Smart Editing', async (client) => {
		await upload(client, '/i2i');
		if (clients[client].putsDigest) await upload(client, '/i2i', md5(bytes));
	});

	async function begin(client: ClientName, part_count: number) {
		const uuid = await projectOf(client, 'smart and empty');
		const path = '/i2i/projects/:uuid/multipart_uploads';
		const parts: Shape = [{ part_number: 'integer', upload_url: 'link' }];
		const gives: Shape = { upload_id: 'text', key: 'text', parts };
		const begun = await ask(client, uuid, `POST ${path}`, gives, { file_name: photos[1], part_count });
		return { uuid, begun, path: `${path}/${begun.upload_id}` };
	}

	it.each(sdks)('the %s uploads a photo in parts', async (client) => {
		const { uuid, begun, path } = await begin(client, 2);
		const parts = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('b')];
		for (const { part_number, upload_url } of begun.parts)
			await put(client, upload_url, parts[part_number - 1]);
		await send(client, uuid, `POST ${path}/complete`, { file_name: photos[1] });
		expect(await storedBytes()).toEqual([parts[0].length + 1]);
	});

	it.each(sdks)('the %s gives an upload in parts up', async (client) => {
		const { uuid, begun, path } = await begin(client, 1);
		await send(client, uuid, `DELETE ${path}`, { key: begun.key });
		expect(await imagen.control.uploads()).toEqual([expect.objectContaining({ state: 'aborted' })]);
	});
});

describe('downloads', () => {
	const nameInLink = (link: string) => posix.basename(decodeURIComponent(new URL(link).pathname));
	const lists = [
		[all, 'edited', '/projects/:uuid/edit', 'xmp'],
		[all, 'exported', '/projects/:uuid/export', 'jpg'],
		[sdks, 'smart and edited', '/i2i/projects/:uuid', 'jpg'],
	] as const;

	it.each(lists.flatMap(([by, ...list]) => by.map((client) => [client, ...list] as const)))(
		'the %s downloads the results of a project that is %s under their names',
		async (client, needs, path, extension) => {
			const call = `GET ${path}/get_temporary_download_links`;
			const { files_list } = await ask(client, await projectOf(client, needs), call, downloads);
			const names = [];
			for (const { file_name, download_link } of files_list) {
				names.push(clients[client].namesByLink ? nameInLink(download_link) : file_name);
				expect((await fetch(download_link)).status).toBe(200);
			}
			expect(names).toEqual([`${stem}.${extension}`, `${hashStem}.${extension}`]);
		},
	);

	const finished = lists.slice(1).flatMap(([, ...list]) => sdks.map((client) => [client, ...list] as const));
	it.each(finished)('the %s replaces an image of a project that is %s', async (client, needs, path) => {
		const uuid = await projectOf(client, needs);
		const { upload_link } = await send(client, uuid, `GET ${path}/get_upload_link?file_name=:file`);
		await put(client, upload_link, Buffer.from('retouched'));
		const { download_link } = await send(client, uuid, `GET ${path}/get_download_link?file_name=:file`);
		expect((await bytesBehind(download_link)).toString()).toBe('retouched');
	});
});

describe.each([
	['REGULAR', 'exported'],
	['I2I', 'smart and edited'],
] as const)('the Copilot of a project that is %s', (project_source, needs) => {
	const image = '/projects/:uuid/images/:image';
	const source = { project_source };

	it.each(sdks)(`the %s retouches an image version after version (${project_source})`, async (client) => {
		const uuid = await projectOf(client, needs);
		const toolsCall = `GET /projects/:uuid/ai-tools?project_source=${project_source}`;
		const { prompts } = await ask(client, uuid, toolsCall, { prompts: [tool] });
		const words = { instruction: 'Remove the lamp', ...source };
		const first = await ask(client, uuid, `POST ${image}/copilot`, version, words);
		const next = { tool_id: prompts[0].enhancement_type, parent_version_id: first.version_id, ...source };
		await ask(client, uuid, `POST ${image}/enhance`, version, next);
		await ask(client, uuid, 'POST /projects/:uuid/finalize', downloads, source);
		await send(client, uuid, `DELETE ${image}/copilot`, source);
	});
});
