import nock from 'nock';

import { forgetRecentRecords } from '../../nodes/Imagen/memory';

/** Secrets: the key may only be in the header of API calls, the signature only in the query of presigned links. */
export const API_KEY = 'key-that-stays-home';
export const SIGNATURE = 'signature-that-stays-home';

export const API_ORIGIN = 'https://api.imagen-ai.com';
const API = `${API_ORIGIN}/v1`;
const STORAGE = 'https://storage.test';

type Job = 'edit' | 'export';
type Json = Record<string, unknown>;

/** A received request, written as in the API's documentation: `POST /projects/`, `PUT IMG_1.NEF`. */
interface Received {
	line: string;
	to: 'api' | 'storage';
	headers: Record<string, string>;
	body: string;
}

const received: Received[] = [];
const unexpected: string[] = [];

/**
 * Closes the test file off from the network, and holds after each test what is true of all of them: every expected request
 * came and no other; the key is on each API call and on no other; photos go up as their links were signed for.
 */
export function useImagenApi(): void {
	const onNoMatch = (request: { method?: string; path?: string }) =>
		unexpected.push(`${request.method} ${request.path}`);

	beforeAll(() => {
		nock.disableNetConnect();
		nock.emitter.on('no match', onNoMatch);
	});
	beforeEach(() => {
		received.length = 0;
		unexpected.length = 0;
		descriptions.clear();
		photoCounts.clear();
		forgetRecentRecords();
		apiDescribesProjects();
	});
	afterEach(() => {
		const missing = nock.pendingMocks();
		nock.cleanAll();
		expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
		received.forEach(expectHeadersOfItsKind);
	});
	afterAll(() => nock.emitter.off('no match', onNoMatch));
}

const descriptions = new Map<string, Json>();

/** How many photos a project has, as its results show it. */
const photoCounts = new Map<string, number>();

/** The API answers whoever asks for a project. */
export function apiDescribesProjects(source: keyof typeof PROJECTS = 'REGULAR'): void {
	nock(API)
		.persist()
		.get(new RegExp(`^/v1${PROJECTS[source]}/[^/?]+$`))
		.optionally()
		.reply(function (path) {
			return describe(path.split('/').pop() as string, this.req.headers);
		});
}

/**
 * What the API tells of a project from now on. Of others it tells how many photos they have, if it lists their results, or else nothing
 * (404), and who asks is not among `requests()`.
 */
export function apiDescribes(uuid: string, description: Json = {}): void {
	descriptions.set(uuid, { project_uuid: uuid, ...description });
}

function describe(uuid: string, headers: Received['headers']): [number, Json] {
	const description = descriptions.get(uuid);
	const number_of_images = photoCounts.get(uuid);
	if (!description && number_of_images) return [200, wrapped({ project_uuid: uuid, number_of_images })];
	if (!description) return [404, { detail: 'Project not found' }];
	received.push({ line: `GET /projects/${uuid}`, to: 'api', headers, body: '' });
	return [200, wrapped(description)];
}

function expectHeadersOfItsKind({ to, line, headers, body }: Received): void {
	if (to === 'api') {
		expect(headers).toMatchObject({ 'x-api-key': API_KEY, ...contentTypeOfStart(line) });
		return;
	}
	expect(headers).not.toHaveProperty('x-api-key');
	expect(JSON.stringify(headers)).not.toContain(API_KEY);
	if (!line.startsWith('PUT')) return;
	expect(headers).toMatchObject({ 'content-type': '', 'content-length': String(bytesIn(body)) });
	expect(headers).not.toHaveProperty('transfer-encoding');
}

/** The SDKs start an edit with an empty Content-Type, and say that JSON is rejected; of Smart Editing every client sends JSON. */
function contentTypeOfStart(line: string) {
	if (/^POST \/projects\/[^/]+\/edit$/.test(line)) return { 'content-type': '' };
	return /^POST \/i2i\/projects\/[^/]+\/edit$/.test(line) ? { 'content-type': 'application/json' } : {};
}

/** The length of a body; nock gives binary bodies in hex. */
function bytesIn(body: string): number {
	return /^(?:[\da-f]{2}){16,}$/.test(body) ? body.length / 2 : Buffer.byteLength(body);
}

/** The requests so far, in their order. */
export function requests(): string[] {
	return received.map(({ line }) => line);
}

/** How often a request came. */
export function count(line: string): number {
	return requests().filter((other) => other === line).length;
}

/** The headers of the first request of this line. */
export function headersOf(line: string): Record<string, string> {
	return find(line).headers;
}

/** The JSON body of the first request of this line. */
export function bodyOf(line: string): unknown {
	return JSON.parse(find(line).body);
}

function find(line: string): Received {
	const request = received.find((other) => other.line === line);
	if (!request) throw new RangeError(`No request "${line}" among: ${requests().join(', ')}`);
	return request;
}

/** The API's nock scope, for answers that only one test needs. */
export function api(): nock.Scope {
	return recorded(nock(API), 'api', (path) => path.replace('/v1', ''));
}

/** The nock scope of the storage behind presigned links, for answers that only one test needs. */
export function storage(): nock.Scope {
	return recorded(nock(STORAGE), 'storage', (path) => decodeURIComponent(path.split(/[/?]/)[2]));
}

function recorded(scope: nock.Scope, to: Received['to'], nameOf: (path: string) => string): nock.Scope {
	return scope.on(
		'request',
		(request: { method: string; path: string; headers: Received['headers'] }, _interceptor, body: string) => {
			const { method, path, headers } = request;
			received.push({ line: `${method} ${nameOf(path)}`, to, headers: { ...headers }, body });
		},
	);
}

/** How the documentation wraps every answer. */
export function wrapped(data: unknown): Json {
	return { data } as Json;
}

/** A connection that breaks before the answer. */
export function connectionReset(code = 'ECONNRESET'): NodeJS.ErrnoException {
	return Object.assign(new Error(`read ${code}`), { code });
}

export const RAW_PROFILE = {
	profile_key: 14715,
	profile_name: 'Warm weddings',
	profile_type: 'Personal',
	image_type: 'RAW',
};
export const JPG_PROFILE = {
	profile_key: 99,
	profile_name: 'Clean studio',
	profile_type: 'Talent',
	image_type: 'JPG',
};

export function apiListsProfiles(profiles: Json[] = [RAW_PROFILE, JPG_PROFILE]): void {
	api().get('/profiles').reply(200, wrapped({ profiles }));
}

export function apiCreatesProject(uuid: string, body: Json = {}): void {
	api()
		.post('/projects/', body as nock.DataMatcherMap)
		.reply(200, wrapped({ project_uuid: uuid }));
}

export function apiKnowsTheName(name: string): void {
	const error = { message: `Project with name '${name}' already exists` };
	api().post('/projects/', { name }).reply(400, { error });
}

/** The API answers one status request with each of the words. */
export function apiReportsStatus(job: Job, uuid: string, ...statuses: string[]): void {
	for (const status of statuses) {
		api().get(`/projects/${uuid}/${job}/status`).reply(200, wrapped({ status }));
	}
}

/** The API accepts one start. */
export function apiStarts(job: Job, uuid: string, body?: Json): void {
	api()
		.post(`/projects/${uuid}/${job}`, body as nock.DataMatcherMap)
		.reply(200, wrapped({ message: `${job} started` }));
}

/** Where the API answers for the projects of each flow. */
const PROJECTS = { I2I: '/i2i/projects', REGULAR: '/projects' };

/** Links for exactly these files, in one request. They come in another order, as the API may give them. */
export function apiGivesUploadLinks(
	uuid: string,
	files: Array<string | Json>,
	round = 1,
	source: keyof typeof PROJECTS = 'REGULAR',
): void {
	const expected = files.map((file) => (typeof file === 'string' ? { file_name: file } : file));
	const links = expected.map(({ file_name }) => ({
		file_name,
		upload_link: linkTo(uuid, String(file_name), round),
	}));
	api()
		.post(`${PROJECTS[source]}/${uuid}/get_temporary_upload_links`, ({ files_list }) =>
			areSame(files_list, expected),
		)
		.reply(200, wrapped({ files_list: links.reverse() }));
}

/** A file of a Smart Editing project is uploaded in parts; each round is a separate upload of it. */
export interface Upload {
	uuid: string;
	fileName: string;
	partCount: number;
	round?: number;
}

const idOf = ({ fileName, round = 1 }: Upload) => `${fileName}-upload-${round}`;

const uploadPath = (upload: Upload) =>
	`${PROJECTS.I2I}/${upload.uuid}/multipart_uploads/${encodeURIComponent(idOf(upload))}`;

/** The request that begins an upload in parts, for answers that only one test needs. */
export function apiAwaitsBegin({ uuid, fileName, partCount }: Upload): nock.Interceptor {
	return api().post(`${PROJECTS.I2I}/${uuid}/multipart_uploads`, {
		file_name: fileName,
		part_count: partCount,
	});
}

/** What the API answers to that. The parts come in another order, as the API may give them. */
export function begun(upload: Upload): Json {
	const { uuid, fileName, partCount, round } = upload;
	const parts = Array.from({ length: partCount }, (_, index) => ({
		part_number: index + 1,
		upload_url: linkTo(uuid, partOf(fileName, index + 1), round),
	}));
	return wrapped({ upload_id: idOf(upload), key: keyOf(upload), parts: parts.reverse() });
}

const keyOf = ({ uuid, fileName }: Upload) => `uploads/${uuid}/${fileName}`;

/** The name of a part in the list of requests: `PUT X.dng part 2`. */
export function partOf(fileName: string, number: number): string {
	return `${fileName} part ${number}`;
}

export function apiAwaitsComplete(upload: Upload): nock.Interceptor {
	return api().post(`${uploadPath(upload)}/complete`, { file_name: upload.fileName });
}

export function apiAwaitsAbort(upload: Upload): nock.Interceptor {
	return api().delete(uploadPath(upload), { key: keyOf(upload) });
}

/** Whether two lists hold the same files, in whatever order. */
function areSame(one: Json[], other: Json[]): boolean {
	const sorted = (files: Json[]) => files.map((file) => JSON.stringify(file)).sort();
	return String(sorted(one)) === String(sorted(other));
}

/** Links to these results; none for "not yet". */
export function apiGivesDownloadLinks(job: Job, uuid: string, fileNames: string[], round = 1): void {
	apiCountsPhotos(uuid, fileNames.length);
	const files_list = fileNames.map((file_name) => ({
		file_name,
		download_link: linkTo(uuid, file_name, round),
	}));
	api().get(`/projects/${uuid}/${job}/get_temporary_download_links`).reply(200, wrapped({ files_list }));
}

/** The API counts so many photos in a project, where the test does not describe it. */
export function apiCountsPhotos(uuid: string, number: number): void {
	photoCounts.set(uuid, number);
}

/** A presigned link; links of another round are other links. */
export function linkTo(uuid: string, fileName: string, round = 1): string {
	return `${STORAGE}${storagePath(uuid, fileName, round)}`;
}

/** The storage expects one upload, or one try of it. */
export function storageAwaits(uuid: string, fileName: string, round = 1): nock.Interceptor {
	return storage().put(storagePath(uuid, fileName, round));
}

export function storageTakes(uuid: string, ...fileNames: string[]): void {
	for (const fileName of fileNames) storageAwaits(uuid, fileName).reply(200);
}

/** The storage expects one download, or one try of it. */
export function storageHolds(uuid: string, fileName: string, round = 1): nock.Interceptor {
	return storage().get(storagePath(uuid, fileName, round));
}

export function storageGives(uuid: string, fileName: string, bytes: Buffer | string): void {
	const body = Buffer.from(bytes);
	storageHolds(uuid, fileName).reply(200, body, { 'Content-Length': String(body.length) });
}

function storagePath(uuid: string, fileName: string, round: number): string {
	return `/${uuid}/${encodeURIComponent(fileName)}?Expires=${round}&Signature=${SIGNATURE}`;
}

/** S3's answer to an expired link; it repeats the signature, which nobody should see. */
export const EXPIRED = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Request has expired</Message><SignatureProvided>${SIGNATURE}</SignatureProvided></Error>`;
