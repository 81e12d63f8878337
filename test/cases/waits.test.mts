import type { PausedExecution } from '../support/engine/index.ts';
import { openCallbackReceiver } from '../support/callbackReceiver.mts';
import {
	FLOWS,
	continuing,
	create,
	download,
	Ended,
	errorOutput,
	exportDownload,
	exportStart,
	exportWait,
	photos,
	retrying,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF');

describe('what Imagen may write into a callback', () => {
	const bodies: Array<[string, unknown]> = [
		['an action in capitals', { action: 'EDIT', status: 'Completed' }],
		['no action', { action: null }],
		['an envelope', { data: { project_uuid: 'x', status: 'Completed', action: 'edit' } }],
		['a status with another word', { status: 'Edited', action: 'edit' }],
		['text in place of JSON', 'Completed'],
		['nothing', undefined],
		['a list', [1, 2]],
	];
	const claims: Array<[string, unknown]> = [
		...bodies,
		['the end', { status: 'Completed', action: 'edit' }],
		['a failure', { status: 'Failed', action: 'edit' }],
	];

	/** Runs until Wait pauses the execution, and hands over what is called then. */
	async function whilePaused(
		flow: (typeof FLOWS)[number],
		work: (paused: PausedExecution, url: string) => Promise<void>,
	) {
		let url = '';
		const receiver = await openCallbackReceiver(({ path }) => {
			url = `${receiver.origin}${path}`;
			return 200;
		});
		try {
			const steps = [
				create('Anna', { flow }),
				upload(),
				start({ flow, whenFinished: 'resume' }),
				wait(),
				download(),
			];
			await studio.control.set({ editSeconds: 3600 });
			const run = await studio.run(steps, ITEMS, { n8nUrl: receiver.origin });
			expect(run.words).toBe('');
			const { editing_flow: editingFlow } = await studio.project('Anna');
			expect(editingFlow).toBe(flow);
			await work(run.result.paused!, await callbackUrl(() => url));
		} finally {
			await receiver.close();
		}
	}

	/** The address that Imagen was given: what the sandbox calls when the edit ends. */
	async function callbackUrl(urlOf: () => string): Promise<string> {
		await studio.control.advance(3600);
		for (let look = 0; look < 100 && urlOf() === ''; look++)
			await new Promise((done) => setTimeout(done, 20));
		expect(urlOf()).not.toBe('');
		return urlOf();
	}

	test.each(FLOWS.flatMap((flow) => bodies.map(([what, body]) => ({ flow, what, body }))))(
		'$what: a genuine call resumes the execution, which gives the results ($flow)',
		async ({ flow, body }) => {
			await whilePaused(flow, async (paused, url) => {
				const { answer, resumed } = await paused.call({ url, body });
				expect(answer?.statusCode).toBe(200);
				const run = new Ended(resumed!);
				expect(run.words).toBe('');
				expect(run.json('Wait')).toMatchObject([{ status: 'Completed' }]);
				expect(await run.files('Download')).toEqual(await studio.resultsOf('Anna'));
			});
		},
	);

	test.each(claims)(
		'%s: nothing resumes the execution while Imagen says that the edit goes on',
		async (_what, body) => {
			await whilePaused('REGULAR', async (paused, url) => {
				await studio.control.addFaults({
					kind: 'unknownStatus',
					call: 'editStatus',
					word: 'In Progress',
					times: 'always',
				});
				const { resumed } = await paused.call({ url, body });
				expect(resumed).toBeUndefined();
			});
		},
	);

	test('a call without the token is refused, whatever it says', async () => {
		await whilePaused('REGULAR', async (paused, url) => {
			const { answer, resumed } = await paused.call({
				url: url.split('?')[0],
				body: { status: 'Completed' },
			});
			expect(answer?.statusCode).toBe(401);
			expect(resumed).toBeUndefined();
		});
	});
});

describe.each(FLOWS)('a wait for an edit that nobody started (%s)', (flow) => {
	const row = (waiting: Step, last = download()): Step[] => [
		create('Anna', { flow }),
		upload(),
		{ ...start({ flow }), disabled: true },
		waiting,
		last,
	];
	const patience = { timeoutMinutes: 1440 };

	test('ends at once in a new project, and says that Start is missing', async () => {
		const before = Date.now();
		const run = await studio.run(row(wait({ options: patience })), ITEMS);
		expect(run.words).toMatch(/^The edit of project 'Anna' was not started: its status is Pending/);
		expect(run.words).toContain('Put Start edit before this node, and check that it is not deactivated.');
		expect(Date.now() - before).toBeLessThan(60_000);
		expect(await studio.requests('editStatus', 'smartProject')).toBeLessThan(10);
	});

	test('ends the same way in Download, and in Wait with Return Last State the download does', async () => {
		const download24 = download({ options: patience });
		const rows = [
			row(download24).filter((_, index) => index !== 3),
			row(wait({ options: { ...patience, ifNotFinished: 'returnState' } }), download24),
		];
		for (const [index, steps] of rows.entries()) {
			await studio.begin();
			const run = await studio.run(steps, ITEMS);
			expect([index, run.words]).toEqual([
				index,
				expect.stringContaining('was not started: its status is Pending'),
			]);
		}
	});

	test('ends after some minutes in a project of an earlier execution', async () => {
		await studio.run([create('Anna', { flow }), upload()], ITEMS);
		studio.restart();
		const before = Date.now();
		const steps = [create('Anna', { flow }), wait({ options: patience })];
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toMatch(/was not started: its status is Pending/);
		expect((Date.now() - before) / 60_000).toBeLessThan(30);
	});

	test('is an error item with Continue, leaves by the error output, and ends with Retry On Fail as well', async () => {
		for (const settings of [continuing, errorOutput, retrying]) {
			await studio.begin();
			const run = await studio.run(row(wait({ options: patience, settings })).slice(0, 4), ITEMS);
			expect(run.words + run.errors('Wait').join('')).toContain('was not started');
		}
	});

	test('set to Callback is an error at once', async () => {
		const run = await studio.run(row(wait({ waitBy: 'callback', options: patience })), ITEMS);
		expect(run.result.paused).toBeUndefined();
		expect(run.words).toContain("Imagen won't notify this execution");
	});
});

describe('a wait for an export that nobody started', () => {
	test('ends within hours, and says that Start export is missing', async () => {
		const patience = { timeoutMinutes: 1440 };
		const before = Date.now();
		const run = await studio.run(
			[
				create('Anna'),
				upload(),
				start(),
				wait(),
				{ ...exportStart(), disabled: true },
				exportWait({ options: patience }),
				exportDownload(),
			],
			ITEMS,
		);
		expect(run.words).toMatch(/^The export of project 'Anna' was not started/);
		expect(run.words).toContain('Put Start export before this node');
		expect((Date.now() - before) / 3_600_000).toBeLessThan(3);
	});
});

describe.each(FLOWS)('Wait set to Callback where nobody was asked to call (%s)', (flow) => {
	const row = (startOptions: Parameters<typeof start>[0] = {}, settings?: Step['settings']) => [
		create('Anna', { flow }),
		upload(),
		start({ flow, ...startOptions }),
		wait({ waitBy: 'callback', settings }),
		download(),
	];
	beforeEach(async () => await studio.control.set({ editSeconds: 600 }));

	test('is an error that says what to set, and pauses nothing', async () => {
		const run = await studio.run(row(), ITEMS);
		expect(run.result.paused).toBeUndefined();
		expect(run.words).toMatch(
			/^Imagen won't notify this execution when the edit of project 'Anna' is finished/,
		);
		expect(run.words).toContain(
			"In Start edit of this workflow, set 'When Finished' to Pause Until Imagen Is Done",
		);
		expect(await studio.requests('editStatus', 'smartProject')).toBeLessThan(10);
	});

	test('is the same while the status still says Pending, and when Retry On Fail tries again', async () => {
		await studio.control.set({ statusLagSeconds: 3600 });
		const run = await studio.run(row({}, retrying), ITEMS);
		expect(run.result.paused).toBeUndefined();
		expect(run.words).toContain("Imagen won't notify this execution");
	});

	test('is an error item with Continue, and the edit can still be downloaded', async () => {
		const run = await studio.run(row({}, continuing), ITEMS);
		expect(run.result.paused).toBeUndefined();
		expect(run.errors('Wait')).toHaveLength(1);
		expect(await run.files('Download')).toEqual(await studio.resultsOf('Anna'));
	});

	test('is an error where only an earlier execution was to be called', async () => {
		await studio.run([create('Anna', { flow }), upload(), start({ flow, whenFinished: 'resume' })], ITEMS, {
			n8nUrl: 'http://127.0.0.1:1',
		});
		const run = await studio.run(
			[create('Anna', { flow }), start({ flow, whenFinished: 'resume' }), wait({ waitBy: 'callback' })],
			ITEMS,
			{
				n8nUrl: 'http://127.0.0.1:1',
			},
		);
		expect(run.result.paused).toBeUndefined();
		expect(run.words).toContain("Imagen won't notify this execution");
	});

	test('goes on where the edit is done already', async () => {
		await studio.control.set({ editSeconds: 0 });
		await studio.run(
			row().filter(({ name }) => name !== 'Wait'),
			ITEMS,
		);
		const run = await studio.run(row(), ITEMS);
		expect(run.words).toBe('');
		expect((await run.files('Download')).size).toBe(2);
	});

	test('pauses where Start has asked Imagen to call', async () => {
		const run = await studio.run(row({ whenFinished: 'resume' }), ITEMS, { n8nUrl: 'http://127.0.0.1:1' });
		expect(run.words).toBe('');
		expect(run.result.paused).toBeDefined();
	});
});
