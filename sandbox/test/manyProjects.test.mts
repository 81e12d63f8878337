import { SandboxClient } from '../sandboxClient.mts';

let imagen: SandboxClient;
beforeAll(async () => {
	imagen = await SandboxClient.start();
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => await imagen.close());

/** The projects that a list names, and how many it says there are. */
const list = async (path: string): Promise<[uuids: string[], total: number]> => {
	const { data } = await imagen.call('GET', path);
	return [data.projects.map((project: any) => project.project_uuid), data.pagination.total];
};

describe('an archived project', () => {
	it('an archived project is in the list of archived ones until it is restored', async () => {
		const [kept, archived] = [await imagen.create(), await imagen.create()];
		const view = await imagen.control.archive(archived);
		expect(view).toMatchObject({ project_uuid: archived, archived: true });
		expect(await list('/projects?is_archived=true')).toEqual([[archived], 1]);
		expect(await list('/projects?is_archived=false')).toEqual([[kept], 1]);
		expect(await list('/projects')).toEqual([[archived, kept], 2]);

		expect(await imagen.control.archive(archived, false)).toMatchObject({ archived: false });
		expect(await list('/projects?is_archived=true')).toEqual([[], 0]);
		expect(await list('/projects')).toEqual([[archived, kept], 2]);
	});

	it('an archived Smart Editing project is in the archive of that flow', async () => {
		const smart = await imagen.createSmart();
		await imagen.control.archive(smart);
		expect(await list('/i2i/projects?is_archived=true')).toEqual([[smart], 1]);
		expect(await list('/i2i/projects?is_archived=false')).toEqual([[], 0]);
		expect(await list('/i2i/projects')).toEqual([[smart], 1]);
		expect(await list('/projects?is_archived=true')).toEqual([[], 0]);
	});

	it('an archived project is still found by its UUID and its name, which stays taken', async () => {
		const uuid = await imagen.create('Smith wedding');
		await imagen.control.archive(uuid);
		expect((await imagen.call('GET', `/projects/${uuid}`)).status).toBe(200);
		expect((await imagen.call('GET', '/projects/Smith%20wedding/uuid')).data).toEqual({ project_uuid: uuid });
		expect((await imagen.call('POST', '/projects', { name: 'Smith wedding' })).status).toBe(400);
	});

	it('archiving needs an existing project and a boolean', async () => {
		await expect(imagen.control.archive('nobody')).rejects.toThrow('No project "nobody"');
		const uuid = await imagen.create();
		await expect(imagen.control.archive(uuid, 'yes' as unknown as boolean)).rejects.toThrow(
			'"archived" must be a boolean',
		);
	});
});

describe('many projects at once', () => {
	it('thousands of projects are created at once and fill pages without a gap', async () => {
		const start = Date.now();
		const created = await imagen.control.createProjects(1050);
		expect(Date.now() - start).toBeLessThan(2000);
		expect(created).toHaveLength(1050);

		const found: string[] = [];
		for (let page = 0; page < 11; page++) {
			const [uuids, total] = await list(`/projects?size=100&page=${page}`);
			expect(total).toBe(1050);
			found.push(...uuids);
		}
		expect(found).toEqual(created.map(({ project_uuid }) => project_uuid).reverse());
	});

	it('projects that are created at once are empty and regular, each with its own name', async () => {
		await imagen.control.createProjects(2, 'Shoot');
		await imagen.control.createProjects(2);
		const [first, second, ...unnamed] = await imagen.control.projects();
		expect([first.name, second.name]).toEqual(['Shoot 1', 'Shoot 2']);
		expect(first).toMatchObject({ editing_flow: 'REGULAR', edit_status: 'Pending', photos: [] });
		expect(new Set(unnamed.map(({ name }) => name)).size).toBe(2);
		const { data } = await imagen.call('GET', '/projects/Shoot%202/uuid');
		expect(data).toEqual({ project_uuid: second.project_uuid });
	});

	it('projects are created at once all together or not at all', async () => {
		await imagen.createSmart('Shoot 2');
		await expect(imagen.control.createProjects(3, 'Shoot')).rejects.toThrow(
			'There is a project "Shoot 2" already',
		);
		await expect(imagen.control.createProjects(0)).rejects.toThrow('"count" must be a whole number');
		await expect(imagen.control.createProjects(1.5)).rejects.toThrow('"count" must be a whole number');
		await expect(imagen.control.createProjects(1, 7 as unknown as string)).rejects.toThrow(
			'"name" must be a string',
		);
		expect(await imagen.control.projects()).toHaveLength(1);
	});
});
