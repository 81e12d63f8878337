import { SandboxClient, jpegProfile, rawProfile } from '../sandboxClient.mts';
import { until } from '../until.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let nef: Buffer;
let jpeg: Buffer;
beforeAll(async () => {
	imagen = await SandboxClient.start();
	nef = await photo('Nikon D70.nef');
	jpeg = await photo('Pentax K10D.jpg');
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

const rawProject = async () => await imagen.projectWith({ 'a.nef': nef });
const statusOf = async (uuid: string) => (await imagen.call('GET', `/projects/${uuid}/edit/status`)).data;

describe('the status of an edit', () => {
	it('the status of an edit is Pending before it is started', async () => {
		expect(await statusOf(await rawProject())).toMatchObject({ status: 'Pending' });
	});

	it('an edit goes from Pending to In Progress with growing progress to Completed', async () => {
		await imagen.control.set({ editSeconds: 2 });
		const uuid = await rawProject();
		await imagen.startEdit(uuid);
		const states: Array<{ status: string; progress?: number }> = [];
		await until(async () => states[states.push(await statusOf(uuid)) - 1].status === 'Completed');

		const words = states.map(({ status }) => status).filter((word, n, all) => word !== all[n - 1]);
		expect(words).toEqual(['Pending', 'In Progress', 'Completed']);
		const progress = states.flatMap((state) => state.progress ?? []);
		expect(progress).toEqual(progress.toSorted((a, b) => a - b));
		expect(progress.at(-1)).toBe(100);
	});

	it('the status of an edit is found with and without a slash at the end of the path', async () => {
		const uuid = await rawProject();
		expect((await imagen.call('GET', `/projects/${uuid}/edit/status/`)).status).toBe(200);
	});
});

describe('an edit is refused', () => {
	it.each<[string, Record<string, unknown>, string]>([
		['without a profile', { profile_key: undefined }, 'profile_key'],
		['with a profile key that is no number', { profile_key: 'WARM' }, 'profile_key'],
		['with two crops', { crop: true, headshot_crop: true }, 'crop'],
		['with straighten and perspective', { straighten: true, perspective_correction: true }, 'straighten'],
		['with an unknown aspect ratio', { crop: true, crop_aspect_ratio: '1X1' }, 'crop_aspect_ratio'],
		['with an aspect ratio and no crop', { crop_aspect_ratio: '4X5' }, 'crop_aspect_ratio'],
		['with a compression and no merge', { hdr_output_compression: 'LOSSY' }, 'hdr_output_compression'],
		[
			'with an unknown compression',
			{ hdr_merge: true, hdr_output_compression: 'ZIP' },
			'hdr_output_compression',
		],
		['with a switch that is no boolean', { smooth_skin: 'yes' }, 'smooth_skin'],
		[
			'with a template that is no number',
			{ sky_replacement_template_id: 'blue' },
			'sky_replacement_template_id',
		],
		['with a photography type that is no text', { photography_type: 3 }, 'photography_type'],
		['with a callback over http to elsewhere', { callback_url: 'http://example.com' }, 'callback_url'],
		['with a callback that is no URL', { callback_url: 'here' }, 'callback_url'],
	])('an edit is refused with a 422 list: %s', async (_case, body, field) => {
		const { status, body: answer } = await imagen.startEdit(await rawProject(), body);
		expect(status).toBe(422);
		expect(answer.detail).toContainEqual({
			loc: ['body', field],
			msg: expect.any(String),
			type: expect.any(String),
		});
	});

	it('an edit with a profile that does not exist is refused', async () => {
		expect((await imagen.startEdit(await rawProject(), { profile_key: 1 })).status).toBe(404);
	});

	it('an edit before a photo is uploaded is refused', async () => {
		const uuid = await imagen.create();
		await imagen.uploadLinks(uuid, 'a.nef');
		expect((await imagen.startEdit(uuid)).status).toBe(400);
	});

	it('an edit of RAW and JPEG in one project is refused', async () => {
		const uuid = await imagen.projectWith({ 'a.nef': nef, 'b.jpg': jpeg });
		expect((await imagen.startEdit(uuid)).status).toBe(400);
		expect((await imagen.startEdit(uuid, { profile_key: jpegProfile })).status).toBe(400);
	});

	it('an edit with a profile for the other image type is refused', async () => {
		const raw = await rawProject();
		expect((await imagen.startEdit(raw, { profile_key: jpegProfile })).status).toBe(400);
		const jpegs = await imagen.projectWith({ 'b.jpg': jpeg });
		expect((await imagen.startEdit(jpegs, { profile_key: rawProfile })).status).toBe(400);
	});

	it('an edit with merge compression on JPEG is refused', async () => {
		const uuid = await imagen.projectWith({ 'b.jpg': jpeg });
		const body = { profile_key: jpegProfile, hdr_merge: true, hdr_output_compression: 'LOSSY' };
		expect((await imagen.startEdit(uuid, body)).status).toBe(422);
	});

	it('an edit that is refused is not billed', async () => {
		await imagen.startEdit(await rawProject(), { crop: true, portrait_crop: true });
		expect(await imagen.control.billing()).toMatchObject({ edits: 0, photos: 0 });
	});
});

describe('an edit is taken', () => {
	it('an edit is accepted with every tool that may be combined, and with nulls', async () => {
		const { status } = await imagen.startEdit(await rawProject(), {
			photography_type: 'UNDERWATER',
			crop: true,
			crop_aspect_ratio: '2X3',
			portrait_crop: false,
			headshot_crop: null,
			straighten: true,
			perspective_correction: false,
			subject_mask: true,
			smooth_skin: true,
			window_pull: true,
			hdr_merge: true,
			hdr_output_compression: 'LOSSLESS',
			sky_replacement: true,
			sky_replacement_template_id: 2,
			callback_url: null,
		});
		expect(status).toBe(200);
	});

	it('an edit of DNG is accepted with a RAW profile', async () => {
		const uuid = await imagen.projectWith({ 'a.dng': await photo('Canon 350D converted.dng'), 'b.nef': nef });
		expect((await imagen.startEdit(uuid)).status).toBe(200);
	});

	it('an edit includes the photos that were uploaded, and leaves the others out', async () => {
		const uuid = await rawProject();
		await imagen.uploadLinks(uuid, 'never-sent.nef');
		await imagen.edit(uuid);
		expect([...(await imagen.download(uuid)).keys()]).toEqual(['a.xmp']);
		expect((await imagen.control.billing()).photos).toBe(1);
	});
});

describe('what an edit costs', () => {
	it('an edit is billed for each photo, and again for each edit of the same project', async () => {
		const uuid = await imagen.projectWith({ 'a.nef': nef, 'b.nef': nef });
		const other = await rawProject();
		await imagen.edit(uuid);
		await imagen.edit(uuid);
		await imagen.edit(other);
		expect(await imagen.control.billing()).toEqual({
			edits: 3,
			exports: 0,
			photos: 5,
			retouches: 0,
			projects: [
				expect.objectContaining({ project_uuid: uuid, edits: 2, exports: 0, photos_billed: 4 }),
				expect.objectContaining({ project_uuid: other, edits: 1, exports: 0, photos_billed: 1 }),
			],
		});
	});

	it('an edit that is sent while another runs is billed too, and the last one counts', async () => {
		await imagen.control.set({ editSeconds: 60 });
		const uuid = await rawProject();
		await imagen.startEdit(uuid);
		await imagen.control.set({ editSeconds: 0 });
		await imagen.startEdit(uuid);
		expect(await imagen.wait(uuid)).toBe('Completed');
		expect([...(await imagen.download(uuid)).keys()]).toEqual(['a.xmp']);
		expect((await imagen.control.billing()).edits).toBe(2);
	});
});

describe('download links', () => {
	it('download links are an error until the edit is completed', async () => {
		await imagen.control.set({ editSeconds: 60 });
		const uuid = await rawProject();
		const links = `/projects/${uuid}/edit/get_temporary_download_links`;
		expect((await imagen.call('GET', links)).status).toBe(400);
		await imagen.startEdit(uuid);
		expect((await imagen.call('GET', links)).status).toBe(400);
		await imagen.control.set({ editSeconds: 0 });
		await imagen.edit(uuid);
		expect((await imagen.call('GET', links)).status).toBe(200);
	});

	it('download links expire, and can be requested again', async () => {
		const uuid = await rawProject();
		await imagen.edit(uuid);
		await imagen.control.set({ linkSeconds: -10 });
		const links = `/projects/${uuid}/edit/get_temporary_download_links`;
		const expired = (await imagen.call('GET', links)).data.files_list[0].download_link;
		expect((await fetch(expired)).status).toBe(403);
		await imagen.control.set({ linkSeconds: 60 });
		const fresh = (await imagen.call('GET', links)).data.files_list[0].download_link;
		expect((await fetch(fresh)).status).toBe(200);
	});
});
