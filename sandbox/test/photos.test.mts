import { connect } from 'node:net';
import { SandboxClient, get, put } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { md5, photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let project: string;
let nef: Buffer;
beforeAll(async () => {
	imagen = await SandboxClient.start();
	nef = await photo('Nikon D70.nef');
});
beforeEach(async () => {
	await imagen.control.reset();
	project = await imagen.create();
});
afterAll(async () => await imagen.close());

const askForLinks = async (files_list: unknown) =>
	await imagen.call('POST', `/projects/${project}/get_temporary_upload_links`, { files_list });

const storedBytes = async () => (await imagen.control.projects())[0].photos.map(({ bytes }) => bytes);

describe('upload links', () => {
	it('there is an upload link to the storage for each file name', async () => {
		const { data } = await askForLinks([{ file_name: 'a.nef' }, { file_name: 'b b.cr3' }]);
		expect(data.files_list.map((file: any) => file.file_name)).toEqual(['a.nef', 'b b.cr3']);
		for (const { upload_link } of data.files_list) {
			expect(new URL(upload_link).origin).toBe(imagen.sandbox.storageUrl);
		}
	});

	it("upload links for a repeated name are refused in the API's own words", async () => {
		const { status, text } = await askForLinks([
			{ file_name: 'a.nef' },
			{ file_name: 'b.nef' },
			{ file_name: 'a.nef' },
		]);
		expect(status).toBe(400);
		expect(JSON.parse(text).error.message).toBe('File "a.nef" appears 2 times.');
	});

	it('a photo that has an upload link can have another one', async () => {
		const [first] = await imagen.uploadLinks(project, 'a.nef');
		const [second] = await imagen.uploadLinks(project, 'a.nef');
		expect((await put(first, nef)).status).toBe(200);
		expect((await put(second, nef)).status).toBe(200);
		expect(await storedBytes()).toEqual([nef.length]);
	});

	it.each(
		'.dng .nef .cr2 .arw .nrw .crw .srf .sr2 .orf .raw .rw2 .raf .ptx .pef .rwl .srw .cr3 .3fr .fff .jpg .jpeg .JPG'.split(
			' ',
		),
	)('upload links are given for %s', async (extension) => {
		expect((await askForLinks([{ file_name: `a${extension}` }])).status).toBe(200);
	});

	it.each(['a.png', 'a.tif', 'a'])('upload links are refused for %s', async (file_name) => {
		expect((await askForLinks([{ file_name }])).status).toBe(400);
	});

	it.each([
		['no list', undefined],
		['a nameless file', [{}]],
		['a name that is no text', [{ file_name: 3 }]],
		['an md5 in hex', [{ file_name: 'a.nef', md5: '0'.repeat(32) }]],
	])('upload links are refused with a 422 list for %s', async (_case, list) => {
		const { status, body } = await askForLinks(list);
		expect(status).toBe(422);
		expect(body.detail[0].loc.slice(0, 2)).toEqual(['body', 'files_list']);
	});

	it('there are upload links for 5,000 names at once', async () => {
		const names = Array.from({ length: 5000 }, (_, n) => `IMG_${n}.NEF`);
		expect(new Set(await imagen.uploadLinks(project, ...names)).size).toBe(5000);
	});
});

describe('the PUT', () => {
	let link: string;
	beforeEach(async () => {
		[link] = await imagen.uploadLinks(project, 'a.nef');
	});

	it('the PUT of a photo stores its bytes', async () => {
		expect((await put(link, nef)).status).toBe(200);
		expect(await storedBytes()).toEqual([nef.length]);
	});

	it.each(['image/x-nikon-nef', 'application/octet-stream', 'application/x-www-form-urlencoded'])(
		'the PUT of a photo is 403 SignatureDoesNotMatch with Content-Type %s',
		async (type) => {
			const { status, text } = await put(link, nef, { 'Content-Type': type });
			expect(status).toBe(403);
			expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
			expect(await storedBytes()).toEqual([null]);
		},
	);

	it('the PUT of a photo is 501 when it is chunked', async () => {
		const body = new Blob([new Uint8Array(nef)]).stream();
		const init = { method: 'PUT', body, duplex: 'half', headers: { 'Content-Type': '' } };
		const response = await fetch(link, init as RequestInit);
		expect(response.status).toBe(501);
		expect(await response.text()).toContain('<Code>NotImplemented</Code>');
		expect(await storedBytes()).toEqual([null]);
	});

	it('the PUT of a photo is 403 without its signature, or with another object in its link', async () => {
		const [unsigned] = link.split('?');
		expect((await put(unsigned, nef)).status).toBe(403);
		expect((await put(link.replace(/photos\/\d+/, 'photos/99'), nef)).status).toBe(403);
	});

	it('a link for a PUT does not work for a GET, nor the other way round', async () => {
		await put(link, nef);
		expect((await get(link)).status).toBe(403);
	});

	it('the PUT of a photo needs the Content-MD5 that was announced', async () => {
		const { data } = await askForLinks([{ file_name: 'b.nef', md5: md5(nef) }]);
		const [{ upload_link }] = data.files_list;
		expect((await put(upload_link, nef)).status).toBe(403);
		expect((await put(upload_link, nef, { 'Content-MD5': md5(Buffer.from('other')) })).status).toBe(403);
		expect((await put(upload_link, nef, { 'Content-MD5': md5(nef) })).status).toBe(200);
	});

	it('the PUT of a photo is refused when its bytes do not match the Content-MD5', async () => {
		const { data } = await askForLinks([{ file_name: 'b.nef', md5: md5(nef) }]);
		const damaged = Buffer.concat([nef, nef]);
		const answer = await put(data.files_list[0].upload_link, damaged, { 'Content-MD5': md5(nef) });
		expect(answer.status).toBe(400);
		expect(answer.text).toContain('<Code>BadDigest</Code>');
		expect(await storedBytes()).toEqual([null, null]);
	});

	it('the PUT of a photo that breaks off leaves nothing behind', async () => {
		await put(link, nef);
		const { hostname, port, pathname, search } = new URL(link);
		const socket = connect(Number(port), hostname);
		const head = [`PUT ${pathname}${search} HTTP/1.1`, 'Host: storage', 'Content-Length: 1000', '', ''];
		await new Promise<void>((done) => socket.write(head.join('\r\n') + 'half', () => done()));
		socket.destroy();
		await until(
			async () => (await imagen.control.requests()).filter(({ call }) => call === 'put').length === 2,
		);
		expect(await storedBytes()).toEqual([nef.length]);
	});

	it('the PUT of a photo is 403 AccessDenied when the link has expired', async () => {
		await imagen.control.set({ linkSeconds: -10 });
		const [late] = await imagen.uploadLinks(project, 'late.nef');
		const { status, text } = await put(late, nef);
		expect(status).toBe(403);
		expect(text).toContain('Request has expired');
	});
});
