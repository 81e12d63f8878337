import {
	continuing,
	create,
	download,
	errorOutput,
	exportDownload,
	exportStart,
	exportWait,
	lateNames,
	namesOf,
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

const FIRST = ['A_1.NEF', 'A_2.NEF'];
const LATER = 'A_3.NEF';

/** How a user brings photos to a project. Shoot is given all of them again, Upload only those that are new. */
interface Way {
	way: string;
	steps: Step[];
	again: string[];
}

const flows = [
	{ flow: 'REGULAR', named: 'an AI Profile' },
	{ flow: 'I2I', named: 'Smart Editing' },
] as const;

const ways: Way[] = flows.flatMap(({ flow, named }) => [
	{ way: `nodes in a row, ${named}`, steps: nodesInARow('Anna', { flow }), again: [LATER] },
	{ way: `Shoot, ${named}`, steps: [shoot('Anna', { flow })], again: [...FIRST, LATER] },
]);

const moments = [
	{ when: 'at once', passTime: () => {} },
	{ when: 'after a restart of n8n', passTime: () => studio.restart() },
];

describe.each(moments)('photos that came after an edit, $when', ({ passTime }) => {
	test.each(ways)(
		'by $way: the workflow ends in an error that names the new photo, and nothing is billed',
		async ({ steps, again }) => {
			expect((await studio.run(steps, photos(...FIRST))).words).toBe('');
			passTime();
			const second = await studio.run(steps, photos(...again));
			expect(second.words).toMatch(
				/^1 photo is not in the edit .*: 'A_3.NEF'\n.*Nothing was started or billed\.$/,
			);
			expect(second.words).toMatch(
				/'If Already Started' and set it to Start Again: all photos of the project, [23] as far as n8n knows, are .* billed again/,
			);
			expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		},
	);

	test.each(ways)('by $way, while the edit still goes on: the same', async ({ steps, again }) => {
		await studio.control.set({ editSeconds: 100_000 });
		const starting = steps.filter(({ name }) => !['Wait', 'Download'].includes(name)).map(withoutResults);
		await studio.run(starting, photos(...FIRST));
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
		passTime();
		const second = await studio.run(steps, photos(...again));
		expect(second.words).toMatch(/^1 photo is not in the edit .*: 'A_3.NEF'/);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});
});

/** A shoot that goes on as soon as its edit is started. */
function withoutResults(step: Step): Step {
	if (step.name !== 'Shoot') return step;
	return { ...step, parameters: { ...step.parameters, results: 'none', smartResults: 'none' } };
}

describe('photos that came after the edit of somebody else', () => {
	const profile = otherProfile;
	const theirs = async (state: 'edited' | 'editing') => {
		await studio.control.set({ editSeconds: 1000 });
		await studio.control.createProject({ name: 'Anna', photos: ['OLD_1.NEF'], state });
		// An edit is Pending at first.
		if (state === 'editing') await studio.control.advance(300);
	};

	test('Start names them in its error, and gives nothing to the next node', async () => {
		await theirs('edited');
		const run = await studio.run(nodesInARow('Anna', { profile }), photos('NEW_1.NEF', 'NEW_2.NEF'));
		expect(lateNames(run.words)).toEqual(['NEW_1.NEF', 'NEW_2.NEF']);
		expect(run.runsOf('Wait')).toBe(0);
		expect(await studio.bill()).toEqual({ edits: 0, photos: 0, exports: 0 });
	});

	test('Shoot names them in its error before it uploads anything', async () => {
		await theirs('edited');
		const run = await studio.run([shoot('Anna', { profile })], photos('NEW_1.NEF', 'NEW_2.NEF'));
		expect(lateNames(run.words)).toEqual(['NEW_1.NEF', 'NEW_2.NEF']);
		expect(await studio.requests('put')).toBe(0);
		expect(await studio.bill()).toEqual({ edits: 0, photos: 0, exports: 0 });
	});

	test('Shoot with one photo more than the edit names that one', async () => {
		await theirs('edited');
		const run = await studio.run([shoot('Anna', { profile })], photos('OLD_1.NEF', 'NEW_1.NEF'));
		expect(run.words).toMatch(/^1 photo is not in the edit .*: 'NEW_1.NEF'\n/);
	});

	test('Start leaves by the error output, with each of its items, where there is one', async () => {
		await theirs('edited');
		const steps = [create('Anna'), upload(), start({ profile, settings: errorOutput })];
		const run = await studio.run(steps, photos('NEW_1.NEF'));
		expect(run.json('Start')).toEqual([]);
		expect(run.errors('Start')).toEqual([expect.stringContaining("'NEW_1.NEF'")]);
	});

	test('Start passes an error item on with Continue, and the nodes behind it do not take the old results for those', async () => {
		await theirs('edited');
		const steps = nodesInARow('Anna', { profile, settings: continuing });
		const run = await studio.run(steps, photos('NEW_1.NEF', 'NEW_2.NEF'));
		expect(run.errors('Start')).toHaveLength(1);
		expect(run.words).toContain("'NEW_1.NEF'");
		expect(namesOf(await run.files('Download'))).toEqual([]);
	});

	test('while the edit goes on, Start names them as well', async () => {
		await theirs('editing');
		const run = await studio.run(nodesInARow('Anna', { profile }), photos('NEW_1.NEF', 'NEW_2.NEF'));
		expect(run.words).toContain("'NEW_1.NEF'");
		expect(run.words).toContain("'NEW_2.NEF'");
		expect(await studio.bill()).toEqual({ edits: 0, photos: 0, exports: 0 });
	});

	test('while the edit goes on, Shoot stops where the project counts fewer photos than the shoot has', async () => {
		await theirs('editing');
		const run = await studio.run([shoot('Anna', { profile })], photos('OLD_1.NEF', 'NEW_1.NEF'));
		expect(run.words).toMatch(/^1 photo is not in the edit/);
		expect(await studio.requests('put')).toBe(0);
	});
});

describe('photos that came after an edit, in other ways', () => {
	test('Retry On Fail does not make it through on a later try', async () => {
		await studio.run(nodesInARow('Anna'), photos(...FIRST));
		for (const steps of [
			nodesInARow('Anna', { settings: retrying }),
			[shoot('Anna', { settings: retrying })],
		]) {
			const second = await studio.run(steps, photos(...FIRST, LATER));
			expect(second.words).toContain(`'${LATER}'`);
		}
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('Start Again edits and bills all photos of the project, and gives a result for each', async () => {
		await studio.run(nodesInARow('Anna'), photos(...FIRST));
		const again = nodesInARow('Anna', { options: { ifAlreadyStarted: 'startAgain' } });
		const second = await studio.run(again, photos(LATER));
		expect(second.words).toBe('');
		expect(await second.files('Download')).toEqual(await studio.resultsOf('Anna'));
		expect(namesOf(await second.files('Download'))).toEqual(['A_1.xmp', 'A_2.xmp', 'A_3.xmp']);
		expect(await studio.bill()).toMatchObject({ edits: 2, photos: 5 });
	});

	test('an export of an edit that lacks the photo names it as well', async () => {
		await studio.run(nodesInARow('Anna'), photos(...FIRST));
		const steps = [create('Anna'), upload(), exportStart(), exportWait(), exportDownload()];
		const second = await studio.run(steps, photos(LATER));
		expect(second.words).toContain(`no result for '${LATER}'`);
	});

	test('Download without a Start before it names the photo that has no result', async () => {
		await studio.run(nodesInARow('Anna'), photos(...FIRST));
		const second = await studio.run([create('Anna'), upload(), wait(), download()], photos(LATER));
		expect(second.words).toContain(`no result for '${LATER}'`);
	});
});

describe('the same shoot a second time under Use Existing', () => {
	const again = [
		...ways.map(({ way, steps }) => ({ way, steps })),
		{ way: 'Shoot, exported', steps: [shoot('Anna', { results: 'both' })] },
	];

	describe.each(moments)('$when', ({ passTime }) => {
		test.each(again)(
			'by $way: it pays nothing, and gives the results of the first time',
			async ({ steps }) => {
				const last = steps.at(-1)!.name;
				const first = await studio.run(steps, photos(...FIRST));
				expect(first.words).toBe('');
				const paid = await studio.bill();
				passTime();
				const second = await studio.run(steps, photos(...FIRST));
				expect(second.words).toBe('');
				expect(namesOf(await second.files(last)).length).toBeGreaterThanOrEqual(2);
				expect(await second.files(last)).toEqual(await first.files(last));
				expect(await studio.bill()).toEqual(paid);
			},
		);
	});

	test('after a run that ended between edit and download, the second run downloads what was paid for', async () => {
		const steps = nodesInARow('Anna');
		await studio.control.addFaults({ kind: 'status', call: 'editLinks', status: 400, times: 'always' });
		expect((await studio.run(steps, photos(...FIRST))).words).not.toBe('');
		await studio.control.clearFaults();
		const second = await studio.run(steps, photos(...FIRST));
		expect(second.words).toBe('');
		expect(await second.files('Download')).toEqual(await studio.resultsOf('Anna'));
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});

	test('after a run by hand, of which n8n stores nothing, and a restart: the same', async () => {
		const steps = [shoot('Anna')];
		await studio.run(steps, photos(...FIRST), { mode: 'manual' });
		studio.restart();
		const second = await studio.run(steps, photos(...FIRST), { mode: 'manual' });
		expect(second.words).toBe('');
		expect(await second.files('Shoot')).toEqual(await studio.resultsOf('Anna'));
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 2 });
	});
});

test('the photos of merged brackets are not asked for one by one, and one that came later is named', async () => {
	const steps = nodesInARow('Anna', { tools: { hdrMerge: true } });
	const six = photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF', 'A_4.NEF', 'A_5.NEF', 'A_6.NEF');
	expect((await studio.run(steps, six)).words).toBe('');
	expect((await studio.run(steps, six)).words).toBe('');
	studio.restart();
	expect((await studio.run(steps, six)).words).toBe('');
	const run = await studio.run(steps, [...six, ...photos('A_7.NEF')]);
	expect(run.words).toMatch(/^1 photo is not in the edit .*: 'A_7.NEF'/);
	await studio.begin();
	const uuid = await studio.client.create('Anna');
	await studio.client.upload(
		uuid,
		Object.fromEntries(six.map((_, index) => [`A_${index + 1}.NEF`, Buffer.from('raw')])),
	);
	await studio.client.edit(uuid, { hdr_merge: true });
	expect((await studio.run([shoot('Anna', { tools: { hdrMerge: true } })], six)).words).toBe('');
});
