import { SandboxClient, jpegProfile } from '../sandboxClient.mts';
import { photo } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
beforeAll(async () => {
	imagen = await SandboxClient.start();
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

describe('profiles', () => {
	it("the profiles are those of Imagen's guide: RAW and JPG, Personal and Talent", async () => {
		const { data } = await imagen.call('GET', '/profiles');
		expect(data.profiles).toHaveLength(21);
		expect(data.profiles).toContainEqual({
			profile_key: 14715,
			profile_name: 'LOVE & LIGHT',
			profile_type: 'Talent',
			image_type: 'RAW',
		});
		const keyed = new Map(data.profiles.map((profile: any) => [profile.profile_key, profile.image_type]));
		expect([keyed.get(14715), keyed.get(196), keyed.get(jpegProfile)]).toEqual(['RAW', 'RAW', 'JPG']);
		expect(new Set(data.profiles.map((profile: any) => profile.profile_type))).toEqual(
			new Set(['Personal', 'Talent']),
		);
	});

	it('the sky templates are listed, one of them as the default', async () => {
		const { data } = await imagen.call('GET', '/projects/sky_replacement/templates');
		expect(data.templates.filter((template: any) => template.is_default)).toHaveLength(1);
	});
});

describe('creating a project', () => {
	it.each([
		['no body', undefined],
		['an empty body', {}],
		['a null name', { name: null }],
	])('a project can be created with %s', async (_case, body) => {
		expect((await imagen.call('POST', '/projects/', body)).status).toBe(200);
	});

	it("a project with a name that is taken is refused in the API's own words", async () => {
		await imagen.create('Smith wedding');
		const { status, text } = await imagen.call('POST', '/projects/', { name: 'Smith wedding' });
		expect(status).toBe(400);
		expect(text).toContain("Project with name 'Smith wedding' already exists");
		expect(await imagen.control.projects()).toHaveLength(1);
	});

	it('a project with a name that is no text is refused with a 422 list', async () => {
		const { status, body } = await imagen.call('POST', '/projects/', { name: 7 });
		expect(status).toBe(422);
		expect(body.detail[0].loc).toEqual(['body', 'name']);
	});
});

describe('finding projects', () => {
	it('the pages of projects list all of them, newest first, none twice', async () => {
		const created = [];
		for (let n = 0; n < 5; n++) created.push(await imagen.create(`Project ${n}`));

		const pages = [];
		for (const page of [0, 1, 2, 3]) {
			const { data } = await imagen.call('GET', `/projects?size=2&page=${page}&client_type=API`);
			expect(data.pagination).toEqual({ total: 5, size: 2, page });
			pages.push(data.projects.map((project: any) => project.project_uuid));
		}
		expect(pages.map((page) => page.length)).toEqual([2, 2, 1, 0]);
		expect(pages.flat()).toEqual(created.reverse());
	});

	it('a page of projects has 20 of them unless the query says otherwise', async () => {
		for (let n = 0; n < 21; n++) await imagen.create();
		const { data } = await imagen.call('GET', '/projects/');
		expect(data.projects).toHaveLength(20);
		expect(data.pagination).toEqual({ total: 21, size: 20, page: 0 });
	});

	it.each(['size=0', 'size=101', 'page=-1', 'size=some'])(
		'the list of projects is refused for ?%s',
		async (query) => {
			expect((await imagen.call('GET', `/projects?${query}`)).status).toBe(422);
		},
	);

	it('no project is archived unless the control endpoint archives it', async () => {
		await imagen.create();
		const { data } = await imagen.call('GET', '/projects?is_archived=true');
		expect(data.projects).toEqual([]);
	});

	it('a project is found by its name, whatever characters are in it', async () => {
		const name = 'Ünal & Søn / 50% "proofs"';
		const uuid = await imagen.create(name);
		const { data } = await imagen.call('GET', `/projects/${encodeURIComponent(name)}/uuid`);
		expect(data).toEqual({ project_uuid: uuid });
		expect((await imagen.call('GET', '/projects/nobody/uuid')).status).toBe(404);
	});

	it('a project shows its state at every step', async () => {
		const uuid = await imagen.create('Told');
		const fresh = await imagen.call('GET', `/projects/${uuid}`);
		expect(fresh.data).toEqual({
			project_uuid: uuid,
			name: 'Told',
			status: 'Pending',
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			number_of_images: 0,
			profile: null,
			ai_tools: null,
			export_status: null,
			project_id: expect.any(Number),
			customer_reference_id: expect.any(Number),
			thumbnail_src: null,
		});

		await imagen.upload(uuid, { 'a.nef': await photo('Nikon D70.nef') });
		await imagen.edit(uuid, { crop: true, crop_aspect_ratio: '4X5', straighten: false });
		await imagen.export(uuid);
		const { data } = await imagen.call('GET', `/projects/${uuid}`);
		expect(data).toMatchObject({
			status: 'Completed',
			number_of_images: 1,
			profile: 'WARM SKIN TONES',
			ai_tools: ['crop'],
			export_status: 'Completed',
		});
	});
});
