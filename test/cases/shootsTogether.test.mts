import { withAnswers, type Rewrite } from './rewritten.mts';
import { continuing, namesOf, photos, shoot, useStudio } from './studio.mts';

const studio = useStudio();

const CLIENTS = ['Anna', 'Ben'];
const ITEMS = CLIENTS.flatMap((client) =>
	photos(`${client}_1.NEF`).map((item) => ({ ...item, json: { client } })),
);
const GROUPED = { groupBy: '={{ $json.client }}' };

/** Runs Shoot on two shoots while the status of an edit is rewritten. @param statusOf by the name of the shoot's project */
async function runWith(
	statusOf: Record<string, string>,
	step: { settings?: typeof continuing; options?: Record<string, number> } = {},
) {
	const names = new Map<string, string>();
	const paths: string[] = [];
	const rewrite: Rewrite = async ({ method, path, body }) => {
		paths.push(`${method} ${path}`);
		const [, uuid = ''] = /projects\/(\w+)\/edit\/status/.exec(path) ?? [];
		if (uuid && !names.has(uuid))
			for (const { project_uuid, name } of await studio.control.projects())
				names.set(project_uuid, name ?? '');
		const status = statusOf[names.get(uuid) ?? ''];
		const isSent = paths.some((other) => other.startsWith('POST') && other.endsWith(`${uuid}/edit`));
		return status && isSent ? { data: { ...body.data, status } } : undefined;
	};
	const began = Date.now();
	const options = { ...GROUPED, ...step.options };
	const run = await withAnswers(studio.client.sandbox.apiUrl, rewrite, async (apiUrl) =>
		studio.run([shoot('', { results: 'exported', ...step, options })], ITEMS, { apiUrl }),
	);
	return { run, minutes: (Date.now() - began) / 60_000, paths };
}

test('a shoot is exported as soon as its own edit is done, and another that is not done in time fails alone', async () => {
	const { run } = await runWith({ Anna: 'In Progress' }, { settings: continuing });
	expect(namesOf(await run.files('Shoot'))).toEqual(['Ben_1.jpg']);
	expect(run.errors('Shoot')).toEqual([
		expect.stringContaining("project 'Anna' is still In Progress after 60 minutes"),
	]);
});

test('a shoot that fails ends the node at once, though another is still edited', async () => {
	const { run, minutes } = await runWith(
		{ Anna: 'In Progress', Ben: 'Failed' },
		{ options: { timeoutMinutes: 1440 } },
	);
	expect(run.words).toContain("could not edit project 'Ben'");
	expect(minutes).toBeLessThan(60);
});

test('shoots that are waited for together take no more requests than alone', async () => {
	await studio.control.set({ editSeconds: 600, exportSeconds: 600 });
	const { run } = await runWith({});
	expect(run.words).toBe('');
	expect((await run.files('Shoot')).size).toBe(2);
	expect(await studio.bill()).toMatchObject({ edits: 2, exports: 2 });
	expect(await studio.requests('editStatus', 'exportStatus')).toBeLessThan(60);
});
