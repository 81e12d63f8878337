import { advanceMinutes } from '../faults/quickTime.mts';
import { openGate } from './gate.mts';
import {
	continuing,
	create,
	download,
	Ended,
	errorOutput,
	exportDownload,
	exportStart,
	exportWait,
	FLOWS,
	nodesInARow,
	otherProfile,
	photos,
	retrying,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF');

/** Every way to start an edit, which the last step goes on from. */
const ways = (['REGULAR', 'I2I'] as const).flatMap((flow) => {
	const named = flow === 'I2I' ? ', Smart Editing' : '';
	return [
		{ way: `nodes in a row${named}`, flow, steps: nodesInARow('Anna', { flow }) },
		{ way: `Shoot${named}`, flow, steps: [shoot('Anna', { flow })] },
	];
});

/** As far as the start, without a wait for the results. */
const untilStarted = (steps: Step[]): Step[] =>
	steps
		.filter(({ name }) => !['Wait', 'Download'].includes(name))
		.map((step) =>
			step.name === 'Shoot'
				? { ...step, parameters: { ...step.parameters, results: 'none', smartResults: 'none' } }
				: step,
		);

const editCall = (flow: string) => (flow === 'I2I' ? 'smartEdit' : 'edit');

describe('an export that goes on by itself after the edit', () => {
	const exporting = (settings?: Step['settings']) => [
		create('Anna'),
		upload(),
		start({ options: { export: true } }),
		wait(),
		exportStart({ settings }),
		exportWait(),
		exportDownload(),
	];
	/** The status of the export is as if there were none. */
	const lag = async (times: number) =>
		await studio.control.addFaults({
			kind: 'status',
			call: 'exportStatus',
			status: 400,
			body: { error: { message: 'Project has not been exported yet.' } },
			times,
		});

	test('is not sent once more by Start export while its status lags', async () => {
		await lag(4);
		const run = await studio.run(exporting(), ITEMS);
		expect(run.words).toBe('');
		expect(run.json('Export Start')).toMatchObject([{ sent: false }]);
		expect(await run.files('Export Download')).toEqual(await studio.resultsOf('Anna', 'export'));
		expect(await studio.bill()).toEqual({ edits: 1, photos: 2, exports: 1 });
		expect(await studio.requests('export')).toBe(0);
	});

	test.each([
		{ when: 'a later execution', passTime: () => {} },
		{ when: 'an execution after a restart of n8n', passTime: () => studio.restart() },
	])('is not sent once more by $when', async ({ passTime }) => {
		await studio.run([create('Anna'), upload(), start({ options: { export: true } }), wait()], ITEMS);
		passTime();
		await lag(4);
		const run = await studio.run([create('Anna'), exportStart(), exportWait(), exportDownload()], ITEMS);
		expect(run.words).toBe('');
		expect(await studio.bill()).toEqual({ edits: 1, photos: 2, exports: 1 });
	});

	test('is not sent once more where its status lags for longer than Start waits, and its results come', async () => {
		await lag(60);
		const run = await studio.run(exporting(retrying), ITEMS);
		expect(run.words).toBe('');
		expect((await run.files('Export Download')).size).toBe(2);
		expect(await studio.requests('export')).toBe(0);
		expect(await studio.bill()).toMatchObject({ exports: 1 });
	});

	test('is not sent once more by a Shoot that wants the exported photos', async () => {
		await studio.run([create('Anna'), upload(), start({ options: { export: true } }), wait()], ITEMS);
		await lag(4);
		await studio.run([shoot('Anna', { results: 'exported' })], ITEMS);
		expect(await studio.bill()).toMatchObject({ edits: 1, exports: 1 });
	});
});

describe('a status that says Pending for hours after the start', () => {
	describe.each([
		{ when: 'half an hour later', passTime: () => advanceMinutes(30) },
		{
			when: 'half an hour later, after a restart of n8n',
			passTime: () => {
				advanceMinutes(30);
				studio.restart();
			},
		},
	])('$when', ({ passTime }) => {
		test.each(ways)(
			'by $way: another execution sends nothing, and gives the results when they come',
			async (way) => {
				await studio.control.set({ statusLagSeconds: 3600 });
				await studio.run(untilStarted(way.steps), ITEMS);
				passTime();
				const run = await studio.run(way.steps, ITEMS);
				expect(run.words).toBe('');
				expect(await run.files(way.steps.at(-1)!.name)).toEqual(await studio.resultsOf('Anna'));
				expect(await studio.requests('edit', 'smartEdit')).toBe(1);
				expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
			},
		);

		test('an export is not sent once more either', async () => {
			await studio.run(nodesInARow('Anna'), ITEMS);
			await studio.control.set({ statusLagSeconds: 3600 });
			const steps = [create('Anna'), exportStart(), exportWait(), exportDownload()];
			await studio.run(steps.slice(0, 2), ITEMS);
			passTime();
			const run = await studio.run(steps, ITEMS);
			expect(run.words).toBe('');
			expect(await studio.bill()).toMatchObject({ edits: 1, exports: 1 });
		});
	});

	test('after a restart of n8n, the workflow that has sent it does not again, though another one has uploaded since', async () => {
		await studio.control.set({ statusLagSeconds: 3600 });
		await studio.run(untilStarted(nodesInARow('Anna')), ITEMS);
		studio.restart();
		await studio.run([create('Anna'), upload()], ITEMS, { workflow: 'another' });
		const run = await studio.run([create('Anna'), start()], [{ json: {} }]);
		expect(run.json('Start')).toMatchObject([{ sent: false }]);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test.each(ways)(
		'by $way, where the start had no answer: no execution sends it again by itself',
		async ({ flow, steps }) => {
			await studio.control.set({ statusLagSeconds: 3600 });
			await studio.control.addFaults({ kind: 'resetAfter', call: editCall(flow) });
			const first = await studio.run(untilStarted(steps), ITEMS);
			expect(first.words).toContain('unclear whether Imagen AI has started the edit');
			advanceMinutes(15);
			studio.restart();
			const second = await studio.run(untilStarted(steps), ITEMS);
			expect(second.words).toContain('unclear whether Imagen AI has started the edit');
			advanceMinutes(60);
			const third = await studio.run(steps, ITEMS);
			expect(third.words).toBe('');
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		},
	);

	test.each(ways)('by $way, where the request was lost: Start Again sends it', async ({ flow, steps }) => {
		await studio.control.addFaults({ kind: 'hang', call: editCall(flow), done: false, seconds: 0.05 });
		const first = await studio.run(untilStarted(steps), ITEMS);
		expect(first.words).toContain("'If Already Started' and set it to Start Again");
		advanceMinutes(15);
		const again = steps.map((step) =>
			['Start', 'Shoot'].includes(step.name)
				? {
						...step,
						parameters: {
							...step.parameters,
							options: { ...(step.parameters?.options as object), ifAlreadyStarted: 'startAgain' },
						},
					}
				: step,
		);
		const second = await studio.run(again, ITEMS);
		expect(second.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});
});

describe('an edit that is refused while another execution waits for it', () => {
	test.each(ways)('by $way: the one that waits sends it, and gives the results', async ({ flow, steps }) => {
		const refused = { status: 400, message: 'callback_url must be reachable' };
		const gate = await openGate(studio.client.sandbox.apiUrl, { path: '/edit', refused, until: 3 });
		try {
			const name = 'Anna';
			await studio.run([create(name, { flow }), upload()], ITEMS);
			const first = studio.run([create(name, { flow }), start({ flow })], ITEMS, { apiUrl: gate.apiUrl });
			await gate.held;
			const second = await studio.run(steps, ITEMS, { apiUrl: gate.apiUrl });
			expect((await first).words).toContain('callback_url must be reachable');
			expect(second.words).toBe('');
			expect(await second.files(steps.at(-1)!.name)).toEqual(await studio.resultsOf(name));
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		} finally {
			await gate.close();
		}
	});

	test('and refused to the one that waits as well: both end in the error, and nothing is waited for', async () => {
		const refused = { status: 400, message: 'callback_url must be reachable' };
		const gate = await openGate(studio.client.sandbox.apiUrl, { path: '/edit', refused, until: 3 });
		try {
			await studio.run([create('Anna'), upload()], ITEMS);
			const body = { error: { message: 'no credits' } };
			await studio.control.addFaults({ kind: 'status', call: 'edit', status: 400, body });
			const steps = [create('Anna'), start(), wait()];
			const first = studio.run(steps, ITEMS, { apiUrl: gate.apiUrl });
			await gate.held;
			const second = await studio.run(steps, ITEMS, { apiUrl: gate.apiUrl });
			expect((await first).words).toContain('callback_url must be reachable');
			expect(second.words).toContain('no credits');
			expect(second.runsOf('Wait')).toBe(0);
		} finally {
			await gate.close();
		}
	});
});

describe.each(['Created', '404', ''])('a status that is "%s" before the first edit', (word) => {
	beforeEach(
		async () => await studio.control.set({ statusBeforeStart: word, exportStatusBeforeStart: word }),
	);

	test.each(ways)('by $way: the edit is sent, and its results come', async ({ steps }) => {
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		expect((await run.files(steps.at(-1)!.name)).size).toBe(2);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('a project that somebody else has uploaded to is sent to edit', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF'], state: 'uploaded' });
		const run = await studio.run([create('Anna'), start(), wait(), download()], [{ json: {} }]);
		expect(run.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 1 });
	});

	test('while the status lags as well, the edit is sent once, also by two executions', async () => {
		await studio.control.set({ statusLagSeconds: 300 });
		const first = await studio.run(untilStarted([shoot('Anna')]), ITEMS);
		expect(first.words).toBe('');
		const second = await studio.run(nodesInARow('Anna'), ITEMS);
		expect(second.words).toBe('');
		expect((await second.files('Download')).size).toBe(2);
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});

	test('an export is sent once, and its results come', async () => {
		const steps = [create('Anna'), upload(), start(), exportStart(), exportWait(), exportDownload()];
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		expect((await run.files('Export Download')).size).toBe(2);
		expect(await studio.bill()).toMatchObject({ edits: 1, exports: 1 });
	});
});

test.each(ways)(
	'by $way: a status without a meaning before the first edit does not stop the edit of a new project',
	async ({ steps }) => {
		await studio.control.set({ statusBeforeStart: 'Awaiting photos' });
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	},
);

test('a status without a meaning is not taken for a start in the project of somebody else: the error has the word', async () => {
	await studio.control.set({ statusBeforeStart: 'Awaiting photos' });
	await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF'], state: 'uploaded' });
	const run = await studio.run([create('Anna'), start()], [{ json: {} }]);
	expect(run.words).toContain("has the status 'Awaiting photos', which does not show whether it was started");
	expect(await studio.requests('edit')).toBe(0);
});

describe.each(['Queued', 'Processing', 'Awaiting photos'])(
	'a status that is "%s" before the first edit',
	(word) => {
		beforeEach(async () => await studio.control.set({ statusBeforeStart: word }));

		test('is not taken for a start in an empty project: the error says that it has no photos', async () => {
			await studio.control.createProject({ name: 'Anna', photos: [], state: 'empty' });
			const run = await studio.run([create('Anna'), start()], [{ json: {} }]);
			expect(run.words).toContain('has no photos');
			expect(await studio.requests('edit')).toBe(0);
		});

		test('does not keep a project that an earlier run has left empty from being used', async () => {
			await studio.run([create('Anna')], [{ json: {} }]);
			const run = await studio.run(nodesInARow('Anna'), ITEMS);
			expect(run.words).toBe('');
			expect((await run.files('Download')).size).toBe(2);
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		});
	},
);

test('a word without a meaning that is followed by Pending does not show that Start Again has arrived', async () => {
	await studio.run([create('Anna'), upload()], ITEMS);
	await studio.control.addFaults(
		{ kind: 'unknownStatus', call: 'editStatus', word: 'Awaiting photos' },
		{ kind: 'hang', call: 'edit', done: false, seconds: 0.05 },
	);
	const steps = [create('Anna'), start({ options: { ifAlreadyStarted: 'startAgain' } })];
	const run = await studio.run(steps, [{ json: {} }]);
	expect(run.words).toContain('unclear whether Imagen AI has started the edit');
	expect(await studio.bill()).toMatchObject({ edits: 0 });
});

test.each([
	{ while: 'the first edit runs', settings: { editSeconds: 30 } },
	{ while: 'the status does not show the first edit yet', settings: { statusLagSeconds: 30 } },
])(
	'a Start Again that is lost while $while is not taken for sent when that one is Completed',
	async ({ settings }) => {
		await studio.control.set(settings);
		await studio.run([create('Anna'), upload(), start()], ITEMS);
		await studio.control.addFaults({ kind: 'hang', call: 'edit', done: false, seconds: 0.05 });
		const again = start({ options: { ifAlreadyStarted: 'startAgain' } });
		const run = await studio.run([create('Anna'), again, wait(), download()], [{ json: {} }]);
		expect(run.words).toContain('unclear whether Imagen AI has started the edit');
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	},
);

test.each(['', 'Queued', 'Awaiting photos'])(
	'a first edit whose answer is lost is confirmed by its end, though the status was "%s" before it',
	async (word) => {
		await studio.control.set({ statusBeforeStart: word });
		for (const flow of FLOWS) {
			await studio.control.addFaults({ kind: 'resetAfter', call: flow === 'I2I' ? 'smartEdit' : 'edit' });
			const run = await studio.run(nodesInARow(`Anna ${flow}`, { flow }), ITEMS);
			expect(run.words).toBe('');
		}
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 4 });
	},
);

test('a Start Again of another execution, with another profile, that was lost does not keep the results of the edit before', async () => {
	await studio.control.addFaults({ kind: 'status', call: 'editLinks', status: 400 });
	const first = await studio.run([create('Anna'), upload(), start(), download()], ITEMS);
	expect(first.words).not.toBe('');
	await studio.control.addFaults({ kind: 'hang', call: 'edit', done: false, seconds: 0.05 });
	const again = start({ profile: otherProfile, options: { ifAlreadyStarted: 'startAgain' } });
	expect((await studio.run([create('Anna'), again], ITEMS)).words).toContain('It is unclear');
	const retried = new Ended(await first.result.retry());
	expect(retried.words).toBe('');
	expect((await retried.files('Download')).size).toBe(2);
});

describe('a project that no photo has reached', () => {
	const refusedAll = async () =>
		await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, times: 'always' });

	describe.each(['REGULAR', 'I2I'] as const)('of the flow %s', (flow) => {
		const row = (settings?: Step['settings']) => [
			create('Anna', { flow }),
			upload({ settings: continuing }),
			start({ flow, settings }),
		];

		test('is not sent to edit, and the error says that none arrived', async () => {
			await refusedAll();
			const run = await studio.run(row(), ITEMS);
			expect(run.errors('Upload')).toHaveLength(2);
			expect(run.words).toContain(
				'has no photos: none of the photos that this workflow tried to upload arrived',
			);
			expect(run.words).toContain(
				'Look at the output of Upload photos: it says for each photo what went wrong.',
			);
			expect(await studio.requests('edit', 'smartEdit')).toBe(0);
		});

		test('is not sent to edit by Retry On Fail, nor with Continue', async () => {
			await refusedAll();
			for (const settings of [retrying, continuing, { ...retrying, ...continuing }, errorOutput]) {
				const run = await studio.run(row(settings), ITEMS);
				expect(run.words + run.errors('Start').join('')).toContain('has no photos');
			}
			expect(await studio.requests('edit', 'smartEdit')).toBe(0);
		});

		test('is not sent to edit where the files were no photos', async () => {
			const run = await studio.run(row(), photos('notes.txt', '.DS_Store'));
			expect(run.words).toContain('has no photos');
			expect(await studio.requests('edit', 'smartEdit')).toBe(0);
		});

		test('is sent to edit although the API counts the photos late, or as text', async () => {
			await studio.control.set({ countLagSeconds: 3600, numbersAsText: true });
			const run = await studio.run(nodesInARow('Anna', { flow }), ITEMS);
			expect(run.words).toBe('');
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		});
	});

	test('a later execution does not send it either', async () => {
		await refusedAll();
		await studio.run([create('Anna'), upload({ settings: continuing })], ITEMS);
		studio.restart();
		const run = await studio.run([create('Anna'), start()], [{ json: {} }]);
		expect(run.words).toContain('has no photos');
		expect(await studio.requests('edit')).toBe(0);
	});

	test('Shoot without any photo that arrives starts no edit, even with Edit Without Failed Photos', async () => {
		await refusedAll();
		for (const settings of [undefined, continuing, retrying]) {
			const run = await studio.run(
				[shoot('Anna', { options: { editWithoutFailed: true }, settings })],
				ITEMS,
			);
			expect(run.words + run.errors('Shoot').join('')).toMatch(/could not (upload|be uploaded)/);
		}
		expect(await studio.requests('edit')).toBe(0);
	});
});

test('Wait goes on behind a Start whose answer was lost, and the results come', async () => {
	await studio.control.set({ statusLagSeconds: 1800 });
	await studio.control.addFaults({ kind: 'resetAfter', call: 'edit' });
	const steps = [
		create('Anna'),
		upload(),
		start({ settings: continuing }),
		wait({ options: { timeoutMinutes: 120 } }),
		download(),
	];
	const run = await studio.run(steps, ITEMS);
	expect(run.words).toBe('');
	expect((await run.files('Download')).size).toBe(2);
});

test('two branches that start an export pay for it once, though its status lags', async () => {
	await studio.control.set({ statusLagSeconds: 300 });
	const steps = [
		create('Anna'),
		upload(),
		start(),
		wait({ options: { timeoutMinutes: 120 } }),
		exportStart(),
		{ ...exportStart({ after: 'Wait' }), name: 'Second' },
		exportWait({ after: 'Export Start' }),
		exportDownload(),
	];
	const run = await studio.run(steps, ITEMS);
	expect(run.words).toBe('');
	expect(await studio.bill()).toEqual({ edits: 1, photos: 2, exports: 1 });
});

test.each([
	{ what: 'null', body: null },
	{ what: '{"data": null}', body: { data: null } },
	{ what: '{"data": []}', body: { data: [] } },
])(
	'a status that is answered with $what before the first start keeps nothing from being sent',
	async ({ body }) => {
		await studio.control.addFaults(
			{ kind: 'status', call: 'editStatus', status: 200, body, times: 5 },
			{ kind: 'status', call: 'exportStatus', status: 200, body, times: 5 },
		);
		const steps = [create('Anna'), upload(), start(), wait(), exportStart(), exportWait(), exportDownload()];
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toBe('');
		expect((await run.files('Export Download')).size).toBe(ITEMS.length);
	},
);
