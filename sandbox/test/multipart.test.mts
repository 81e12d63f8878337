import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SandboxClient, put } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { photo } from './helpers/cameraFiles.mts';

const mebibyte = 1024 * 1024;

let folder: string;
let imagen: SandboxClient;
let project: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sandbox-multipart-'));
	imagen = await SandboxClient.start({ folder });
});
beforeEach(async () => {
	await imagen.control.reset();
	project = await imagen.createSmart();
});
afterAll(async () => {
	await imagen.close();
	await rm(folder, { recursive: true });
});

interface Begun {
	upload_id: string;
	key: string;
	parts: Array<{ part_number: number; upload_url: string }>;
}

const uploadsPath = (uuid = project) => `/i2i/projects/${uuid}/multipart_uploads`;
const begin = async (file_name: unknown, part_count: unknown, uuid = project) =>
	await imagen.call('POST', uploadsPath(uuid), { file_name, part_count });
const begun = async (fileName: string, partCount: number): Promise<Begun> =>
	(await begin(fileName, partCount)).data;
const complete = async ({ upload_id }: Begun, file_name = 'a.dng', uuid = project) =>
	await imagen.call('POST', `${uploadsPath(uuid)}/${upload_id}/complete`, { file_name });
const abort = async ({ upload_id, key }: Begun) =>
	await imagen.call('DELETE', `${uploadsPath()}/${upload_id}`, { key });
const putPart = async ({ parts }: Begun, number: number, bytes: Buffer) =>
	await put(parts[number - 1].upload_url, bytes);

const photos = async () => (await imagen.control.projects())[0].photos;
const storedBytes = async () => (await photos()).map(({ bytes }) => bytes);
const received = async () => (await imagen.control.uploads()).map(({ parts_received }) => parts_received);

/** The stored file behind a key, as the storage holds it. */
const stored = async ({ key }: Begun) =>
	await readFile(join(folder, 'imagen', `${key.split('/').slice(0, 3).join('/')}._S3rver_object`));

describe('beginning an upload in parts', () => {
	it('beginning an upload in parts gives a link to the storage for each part', async () => {
		const { data } = await begin('a.dng', 3);
		expect(data).toEqual({
			upload_id: expect.any(String),
			key: expect.stringContaining(project),
			parts: [1, 2, 3].map((part_number) => ({ part_number, upload_url: expect.any(String) })),
		});
		for (const { upload_url } of data.parts)
			expect(new URL(upload_url).origin).toBe(imagen.sandbox.storageUrl);
		expect(new Set(data.parts.map((part: any) => part.upload_url)).size).toBe(3);
	});

	it('beginning an upload accepts as many parts as S3 does, and a path with a slash at the end', async () => {
		expect((await begun('a.dng', 10_000)).parts).toHaveLength(10_000);
		const body = { file_name: 'a.dng', part_count: 1 };
		expect((await imagen.call('POST', `${uploadsPath()}/`, body)).status).toBe(200);
	});

	it.each([
		['no name', undefined, 1, 'file_name'],
		['a name that is no text', 3, 1, 'file_name'],
		['an empty name', '', 1, 'file_name'],
		['no number of parts', 'a.dng', undefined, 'part_count'],
		['no part', 'a.dng', 0, 'part_count'],
		['more parts than S3 takes', 'a.dng', 10_001, 'part_count'],
		['half a part', 'a.dng', 1.5, 'part_count'],
		['a number that is text', 'a.dng', '2', 'part_count'],
	])('beginning an upload is refused with a 422 list for %s', async (_case, name, count, field) => {
		const { status, body } = await begin(name, count);
		expect(status).toBe(422);
		expect(body.detail.map(({ loc }: any) => loc)).toEqual([['body', field]]);
	});

	it('beginning an upload is refused for other file types, and outside of Smart Editing', async () => {
		expect((await begin('a.tif', 1)).status).toBe(400);
		expect((await begin('a.dng', 1, await imagen.create())).status).toBe(404);
		expect((await begin('a.dng', 1, 'unknown')).status).toBe(404);
		expect(await imagen.control.uploads()).toEqual([]);
	});
});

describe('the PUT of a part', () => {
	let upload: Begun;
	const bytes = Buffer.from('a part');
	beforeEach(async () => {
		upload = await begun('a.dng', 2);
	});

	it('the PUT of a part stores the part, and no file yet', async () => {
		expect((await putPart(upload, 2, bytes)).status).toBe(200);
		expect(await received()).toEqual([[2]]);
		expect(await photos()).toEqual([{ file_name: 'a.dng', bytes: null }]);
	});

	it.each(['application/octet-stream', 'application/x-www-form-urlencoded'])(
		'the PUT of a part is 403 SignatureDoesNotMatch with Content-Type %s',
		async (type) => {
			const { status, text } = await put(upload.parts[0].upload_url, bytes, { 'Content-Type': type });
			expect(status).toBe(403);
			expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
			expect(await received()).toEqual([[]]);
		},
	);

	it('the PUT of a part is 501 when it is chunked', async () => {
		const body = new Blob([bytes]).stream();
		const init = { method: 'PUT', body, duplex: 'half', headers: { 'Content-Type': '' } };
		const response = await fetch(upload.parts[0].upload_url, init as RequestInit);
		expect(response.status).toBe(501);
		expect(await received()).toEqual([[]]);
	});

	it('the PUT of a part is refused with a link for another part, another upload or the whole file', async () => {
		const [{ upload_url: link }] = upload.parts;
		const [whole] = await imagen.smartUploadLinks(project, 'a.dng');
		const other = await begun('a.dng', 1);
		const forged = [
			link.replace('partNumber=1', 'partNumber=2'),
			link.replace(upload.upload_id, other.upload_id),
			`${whole}&partNumber=1&uploadId=${upload.upload_id}`,
			link.replace(/&?(partNumber|uploadId)=[^&]+/g, ''),
		];
		for (const url of forged) {
			const { status, text } = await put(url, bytes);
			expect({ status, text }).toEqual({
				status: 403,
				text: expect.stringContaining('SignatureDoesNotMatch'),
			});
		}
		expect(await received()).toEqual([[], []]);
		expect(await storedBytes()).toEqual([null]);
	});

	it('the PUT of a part is 403 AccessDenied when the link has expired', async () => {
		await imagen.control.set({ linkSeconds: -10 });
		const { status, text } = await putPart(await begun('late.dng', 1), 1, bytes);
		expect(status).toBe(403);
		expect(text).toContain('Request has expired');
	});

	it('the PUT of a part that breaks off leaves nothing behind, not even of an earlier try', async () => {
		await putPart(upload, 1, bytes);
		const { hostname, port, pathname, search } = new URL(upload.parts[0].upload_url);
		const socket = connect(Number(port), hostname);
		const head = [`PUT ${pathname}${search} HTTP/1.1`, 'Host: storage', 'Content-Length: 1000', '', ''];
		socket.write(head.join('\r\n') + 'half');
		await until(async () => (await readdir(join(folder, 'work'))).length === 1);
		socket.destroy();
		await until(
			async () => (await imagen.control.requests()).filter(({ call }) => call === 'part').length === 2,
		);
		await until(async () => (await readdir(join(folder, 'work'))).length === 0);
		expect((await stat(join(folder, 'parts', upload.upload_id, '1'))).size).toBe(bytes.length);
	});
});

describe('completing an upload', () => {
	const [first, second] = [randomBytes(5 * mebibyte), randomBytes(1000)];
	let upload: Begun;
	beforeEach(async () => {
		upload = await begun('a.dng', 2);
	});

	it('completing an upload joins the parts in their order, whichever came first', async () => {
		await putPart(upload, 2, second);
		await putPart(upload, 1, first);
		expect(await storedBytes()).toEqual([null]);
		expect((await complete(upload)).status).toBe(200);
		expect(await storedBytes()).toEqual([first.length + second.length]);
		expect((await stored(upload)).equals(Buffer.concat([first, second]))).toBe(true);
	});

	it('completing an upload takes the last try of a part that was sent twice', async () => {
		await putPart(upload, 1, randomBytes(6 * mebibyte));
		await putPart(upload, 1, first);
		await putPart(upload, 2, second);
		await complete(upload);
		expect((await stored(upload)).equals(Buffer.concat([first, second]))).toBe(true);
	});

	it('a photo that was uploaded in parts is edited like any other', async () => {
		const jpeg = Buffer.concat([await photo('Pentax K10D.jpg'), randomBytes(5 * mebibyte)]);
		const inParts = await begun('big one.jpg', 2);
		await putPart(inParts, 1, jpeg.subarray(0, 5 * mebibyte));
		await putPart(inParts, 2, jpeg.subarray(5 * mebibyte));
		await complete(inParts, 'big one.jpg');
		await imagen.smartEdit(project);
		expect([...(await imagen.downloadSmart(project)).keys()]).toEqual(['big one.jpg']);
		expect((await imagen.control.billing()).photos).toBe(1);
	});

	it('a completed upload replaces what was uploaded under that name before', async () => {
		await put((await imagen.smartUploadLinks(project, 'a.dng'))[0], Buffer.from('before'));
		const again = await begun('a.dng', 1);
		await putPart(again, 1, second);
		expect(await storedBytes()).toEqual(['before'.length]);
		await complete(again);
		expect(await storedBytes()).toEqual([second.length]);
	});

	it('completing is refused while a part is missing or too small, and can be repeated', async () => {
		await putPart(upload, 2, second);
		const missing = await complete(upload);
		expect(missing.status).toBe(400);
		expect(missing.text).toContain('Part 1');
		await putPart(upload, 1, first.subarray(1));
		const small = await complete(upload);
		expect(small.status).toBe(400);
		expect(small.text).toContain('EntityTooSmall');
		expect(await storedBytes()).toEqual([null]);
		await putPart(upload, 1, first);
		expect((await complete(upload)).status).toBe(200);
	});

	it('completing is 404 for an upload that is unknown, has ended, or is of another project', async () => {
		await putPart(upload, 1, first);
		await putPart(upload, 2, second);
		expect((await complete({ ...upload, upload_id: 'unknown' })).status).toBe(404);
		expect((await complete(upload, 'a.dng', await imagen.createSmart())).status).toBe(404);
		const both = await Promise.all([complete(upload), complete(upload)]);
		expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
		expect((await complete(upload)).status).toBe(404);
		const late = await putPart(upload, 1, first);
		expect(late.status).toBe(404);
		expect(late.text).toContain('<Code>NoSuchUpload</Code>');
	});

	it('completing is refused without the name of the file, or with another one', async () => {
		await putPart(upload, 1, first);
		await putPart(upload, 2, second);
		const path = `${uploadsPath()}/${upload.upload_id}/complete/`;
		expect((await imagen.call('POST', path, {})).status).toBe(422);
		expect((await complete(upload, 'b.dng')).status).toBe(400);
		expect((await complete(upload)).status).toBe(200);
	});

	it('a completed upload leaves no part behind', async () => {
		await putPart(upload, 1, first);
		await putPart(upload, 2, second);
		await complete(upload);
		expect(await readdir(join(folder, 'parts'))).toEqual([]);
		expect(await readdir(join(folder, 'work'))).toEqual([]);
	});
});

describe('aborting an upload', () => {
	let upload: Begun;
	beforeEach(async () => {
		upload = await begun('a.dng', 1);
		await putPart(upload, 1, Buffer.from('a part'));
	});

	it('aborting an upload is 204 with no body, and ends it', async () => {
		const { status, text } = await abort(upload);
		expect({ status, text }).toEqual({ status: 204, text: '' });
		expect((await putPart(upload, 1, Buffer.from('late'))).status).toBe(404);
		expect((await complete(upload)).status).toBe(404);
		expect((await abort(upload)).status).toBe(404);
		expect(await storedBytes()).toEqual([null]);
		expect(await readdir(join(folder, 'parts'))).toEqual([]);
	});

	it('aborting an upload needs the key', async () => {
		const path = `${uploadsPath()}/${upload.upload_id}/`;
		expect((await imagen.call('DELETE', path)).status).toBe(422);
		expect((await abort({ ...upload, key: 'another' })).status).toBe(404);
		expect((await complete(upload)).status).toBe(200);
	});
});

describe('the view of the uploads', () => {
	it('the list of uploads shows what arrived of each and how it ended', async () => {
		const [open, done, given] = [await begun('a.dng', 3), await begun('b.dng', 1), await begun('c.dng', 1)];
		await putPart(open, 3, Buffer.from('3'));
		await putPart(open, 1, Buffer.from('1'));
		await putPart(done, 1, Buffer.from('1'));
		await complete(done, 'b.dng');
		await abort(given);
		const view = { project_uuid: project, part_count: 1 };
		expect(await imagen.control.uploads()).toEqual([
			{
				...view,
				upload_id: open.upload_id,
				file_name: 'a.dng',
				part_count: 3,
				parts_received: [1, 3],
				state: 'open',
			},
			{
				...view,
				upload_id: done.upload_id,
				file_name: 'b.dng',
				parts_received: [1],
				state: 'completed',
			},
			{ ...view, upload_id: given.upload_id, file_name: 'c.dng', parts_received: [], state: 'aborted' },
		]);
	});

	it('after a reset there are no uploads, and no files of them on disk', async () => {
		const upload = await begun('a.dng', 1);
		await putPart(upload, 1, Buffer.from('1'));
		await imagen.control.reset();
		expect(await imagen.control.uploads()).toEqual([]);
		expect(await readdir(folder)).not.toContain('parts');
		expect((await putPart(upload, 1, Buffer.from('1'))).status).toBe(404);
	});

	it('the request log names every request of an upload in parts, with the file of a part', async () => {
		const upload = await begun('a.dng', 1);
		await putPart(upload, 1, Buffer.from('1'));
		await complete(upload);
		await abort(upload);
		const log = await imagen.control.requests();
		expect(log.map(({ call }) => call)).toEqual([
			'smartCreate',
			'multipartBegin',
			'part',
			'multipartComplete',
			'multipartAbort',
		]);
		expect(log[2]).toMatchObject({ to: 'storage', project_uuid: project, file_name: 'a.dng', status: 200 });
		expect(JSON.stringify(log)).not.toContain('Signature');
	});
});

describe('faults', () => {
	it('a fault can meet a part by its project and file, and the part can be sent again', async () => {
		await imagen.control.addFaults(
			{ kind: 'status', call: 'part', fileName: 'b.dng', project, status: 503 },
			{ kind: 'resetMidBody', call: 'part', fileName: 'b.dng' },
			{ kind: 'expiredLinks', call: 'part', fileName: 'b.dng' },
		);
		expect((await putPart(await begun('a.dng', 1), 1, Buffer.from('1'))).status).toBe(200);
		const upload = await begun('b.dng', 1);
		const answer = await putPart(upload, 1, Buffer.from('1'));
		expect(answer.status).toBe(503);
		expect(answer.text).toContain('<Code>SlowDown</Code>');
		await expect(putPart(upload, 1, randomBytes(100_000))).rejects.toThrow('fetch failed');
		expect((await putPart(upload, 1, Buffer.from('1'))).text).toContain('Request has expired');
		expect(await received()).toEqual([[1], []]);
		expect((await putPart(upload, 1, Buffer.from('1'))).status).toBe(200);
		expect(await received()).toEqual([[1], [1]]);
	});

	it('the fault expiredLinks can expire the links of one beginning only', async () => {
		await imagen.control.addFaults({ kind: 'expiredLinks', call: 'multipartBegin' });
		expect((await putPart(await begun('a.dng', 1), 1, Buffer.from('1'))).text).toContain(
			'Request has expired',
		);
		expect((await putPart(await begun('a.dng', 1), 1, Buffer.from('1'))).status).toBe(200);
	});

	it('faults of answers also meet the calls of an upload in parts', async () => {
		await imagen.control.addFaults(
			{ kind: 'truncatedJson', call: 'multipartBegin' },
			{ kind: 'unwrapped', call: 'multipartBegin' },
			{ kind: 'missingKey', call: 'multipartBegin', key: 'upload_url' },
		);
		expect((await begin('a.dng', 1)).body).toBeUndefined();
		expect(Object.keys((await begin('a.dng', 1)).body)).toEqual(['upload_id', 'key', 'parts']);
		expect((await begin('a.dng', 1)).data.parts).toEqual([{ part_number: 1 }]);
	});

	it('the fault resetAfter breaks the connection when an upload is already completed or aborted', async () => {
		const [done, given] = [await begun('a.dng', 1), await begun('b.dng', 1)];
		await putPart(done, 1, Buffer.from('1'));
		await imagen.control.addFaults(
			{ kind: 'resetAfter', call: 'multipartComplete' },
			{ kind: 'resetAfter', call: 'multipartAbort' },
		);
		await expect(complete(done)).rejects.toThrow('fetch failed');
		await expect(abort(given)).rejects.toThrow('fetch failed');
		expect(await storedBytes()).toEqual([1, null]);
		expect((await imagen.control.uploads()).map(({ state }) => state)).toEqual(['completed', 'aborted']);
		expect((await complete(done)).status).toBe(404);
	});

	it('the fault redirect sends a part to another host', async () => {
		const upload = await begun('a.dng', 1);
		await imagen.control.addFaults({ kind: 'redirect', call: 'part' });
		const init = { method: 'PUT', redirect: 'manual', headers: { 'Content-Type': '' }, body: 'a' } as const;
		const { status, headers } = await fetch(upload.parts[0].upload_url, init);
		expect(status).toBe(307);
		expect(new URL(headers.get('location') ?? '').origin).toBe(new URL(imagen.sandbox.apiUrl).origin);
	});
});

it('memory stays flat, however large the uploaded file is', async () => {
	const [partBytes, partCount] = [64 * mebibyte, 4];
	const upload = await begun('large.dng', partCount);
	const memory = () => {
		const { external, heapUsed } = process.memoryUsage();
		return external + heapUsed;
	};
	const before = memory();
	let peak = 0;
	const watch = setInterval(() => (peak = Math.max(peak, memory() - before)), 5);
	try {
		for (const { upload_url } of upload.parts) await stream(upload_url, partBytes);
		expect((await complete(upload, 'large.dng')).status).toBe(200);
	} finally {
		clearInterval(watch);
	}
	expect(await storedBytes()).toEqual([partBytes * partCount]);
	expect(peak).toBeLessThan((partBytes * partCount) / 2);
});

/** Uploads so many bytes that are never together in memory. */
async function stream(url: string, bytes: number): Promise<void> {
	const chunk = Buffer.alloc(64 * 1024, 'x');
	const headers = { 'Content-Type': '', 'Content-Length': bytes };
	await new Promise<void>((done, fail) => {
		const sent = request(url, { method: 'PUT', headers }, (response) =>
			response.resume().once('end', () => (response.statusCode === 200 ? done() : fail(response.statusCode))),
		);
		pipeline(Readable.from(Array.from({ length: bytes / chunk.length }, () => chunk)), sent).catch(fail);
	});
}
