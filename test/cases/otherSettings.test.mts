import { jpegProfile, rawProfile } from '../../sandbox/sandboxClient.mts';
import {
	continuing,
	create,
	download,
	Ended,
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
/** The profiles' names. */
const USED = `'WARM SKIN TONES' (${rawProfile})`;
const OTHER = `'wedding' (${otherProfile})`;

const moments = [
	{ when: 'at once', passTime: () => {} },
	{ when: 'after a restart of n8n', passTime: () => studio.restart() },
];

describe.each(moments)(
	'an edit that is asked for with other settings than it was sent with, $when',
	({ passTime }) => {
		const changes: Array<{ what: string; first: Step[]; second: Step[]; words: string | RegExp }> = [
			{
				what: 'another profile',
				first: nodesInARow('Anna'),
				second: nodesInARow('Anna', { profile: otherProfile }),
				words: `profile ${USED}, not ${OTHER}`,
			},
			{
				what: 'another profile in Shoot',
				first: [shoot('Anna')],
				second: [shoot('Anna', { profile: otherProfile })],
				words: `profile ${USED}, not ${OTHER}`,
			},
			{
				what: 'a tool more',
				first: nodesInARow('Anna'),
				second: nodesInARow('Anna', { tools: { crop: true } }),
				words: "'Crop' off, not on",
			},
			{
				what: 'a tool less in Shoot',
				first: [shoot('Anna', { tools: { straighten: true } })],
				second: [shoot('Anna')],
				words: "'Straighten' on, not off",
			},
			{
				what: 'a tool more in Smart Editing',
				first: nodesInARow('Anna', { flow: 'I2I' }),
				second: nodesInARow('Anna', { flow: 'I2I', tools: { perspectiveCorrection: true } }),
				words: "'Perspective Correction' off, not on",
			},
			{
				what: 'another photography type',
				first: nodesInARow('Anna', { options: { photographyType: 'WEDDING' } }),
				second: nodesInARow('Anna', { options: { photographyType: 'SPORTS' } }),
				words: "'Photography Type' Wedding, not Sports",
			},
			{
				what: 'no photography type any more',
				first: [shoot('Anna', { options: { photographyType: 'WEDDING' } })],
				second: [shoot('Anna')],
				words: "'Photography Type' Wedding, not None",
			},
			{
				what: 'another proportion of crops',
				first: nodesInARow('Anna', { tools: { crop: true, cropAspectRatio: '2X3' } }),
				second: nodesInARow('Anna', { tools: { crop: true, cropAspectRatio: '4X5' } }),
				words: "'Crop Aspect Ratio' 2:3, not 4:5",
			},
		];

		test.each(changes)('$what: an error says both, and nothing is sent', async ({ first, second, words }) => {
			expect((await studio.run(first, ITEMS)).words).toBe('');
			const paid = await studio.bill();
			passTime();
			const { words: told } = await studio.run(second, ITEMS);
			expect(told).toMatch(/^The edit of project 'Anna' was already started with other settings: /);
			expect(told).toContain(words);
			expect(told).toContain('Nothing was started or billed.');
			expect(await studio.bill()).toEqual(paid);
		});
	},
);

describe('an edit that was sent before', () => {
	test('by somebody else with another profile: the error has the names of both', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF', 'A_2.NEF'], state: 'edited' });
		for (const steps of [nodesInARow('Anna'), [shoot('Anna')]]) {
			const { words } = await studio.run(steps, ITEMS);
			expect(words).toContain(`already started with other settings: profile ${OTHER}, not ${USED}`);
		}
		expect(await studio.bill()).toMatchObject({ edits: 0 });
	});

	test.each(moments)(
		'by these nodes, and by somebody else with another profile since: the error has the names of both, $when',
		async ({ passTime }) => {
			await studio.run(nodesInARow('Anna'), ITEMS);
			const { project_uuid: uuid } = await studio.project('Anna');
			await studio.client.edit(uuid, { profile_key: otherProfile });
			passTime();
			for (const steps of [nodesInARow('Anna'), [shoot('Anna')]]) {
				const { words } = await studio.run(steps, ITEMS);
				expect(words).toContain(`already started with other settings: profile ${OTHER}, not ${USED}`);
			}
			expect(await studio.bill()).toMatchObject({ edits: 2 });
		},
	);

	test('by a Shoot, failed, and sent with another profile by another execution: a retry does not take that for its own', async () => {
		await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		const first = await studio.run([shoot('Anna')], ITEMS);
		expect(first.words).toContain('The edit has the status Failed');
		expect((await studio.run([create('Anna'), start({ profile: otherProfile })], ITEMS)).words).toBe('');
		const again = new Ended(await first.result.retry());
		expect(again.words).toContain(`profile ${OTHER}, not ${USED}`);
		expect(await studio.bill()).toMatchObject({ edits: 2 });
	});

	test('by nodes in a row, failed, and sent with another profile by another execution: a retry of Download does not give these results', async () => {
		await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		const first = await studio.run([create('Anna'), upload(), start(), download()], ITEMS);
		expect(first.words).toContain('The edit has the status Failed');
		expect((await studio.run([shoot('Anna', { profile: otherProfile })], ITEMS)).words).toBe('');
		const again = new Ended(await first.result.retry());
		expect(again.words).toContain('Another execution has since started the edit of project');
		expect(again.words).toContain(`profile ${otherProfile}, not ${rawProfile}`);
	});

	test('by somebody else with a tool that is not asked for: the error has the tool', async () => {
		const uuid = await studio.client.create('Anna');
		await studio.client.upload(uuid, { 'A_1.NEF': Buffer.from('raw') });
		await studio.client.edit(uuid, { smooth_skin: true });
		const { words } = await studio.run(nodesInARow('Anna'), photos('A_1.NEF'));
		expect(words).toContain("'Smooth Skin' on, not off");
	});

	test('by somebody else with the same profile: Start says the profile that was used', async () => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF'], state: 'edited' });
		const run = await studio.run([create('Anna'), start({ profile: otherProfile })], photos('A_1.NEF'));
		expect(run.json('Start')).toMatchObject([
			{ sent: false, profile_key: otherProfile, status: 'Completed' },
		]);
	});

	test('and is asked for with Start Again: it is sent with the new settings, which the output has', async () => {
		await studio.run(nodesInARow('Anna'), ITEMS);
		const again = nodesInARow('Anna', { profile: otherProfile, options: { ifAlreadyStarted: 'startAgain' } });
		const second = await studio.run(again, ITEMS);
		expect(second.words).toBe('');
		expect(second.json('Start')).toMatchObject([{ sent: true, profile_key: otherProfile }]);
		expect(await studio.bill()).toMatchObject({ edits: 2 });
		// From then on these are the settings that count.
		expect((await studio.run(nodesInARow('Anna', { profile: otherProfile }), ITEMS)).words).toBe('');
		expect((await studio.run(nodesInARow('Anna'), ITEMS)).words).toContain(`profile ${OTHER}`);
	});

	test('Retry On Fail and Continue send nothing either', async () => {
		await studio.run(nodesInARow('Anna'), ITEMS);
		for (const settings of [retrying, continuing, { ...retrying, ...continuing }]) {
			const steps = [create('Anna'), start({ profile: otherProfile, settings })];
			const run = await studio.run(steps, ITEMS);
			expect(run.words + run.errors('Start').join('\n')).toContain('other settings');
		}
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});
});

describe('a second Start in the same run', () => {
	const twice = (second: Parameters<typeof start>[0]) => [
		create('Anna'),
		upload(),
		start(),
		start({ name: 'Second', ...second }),
		wait(),
		download(),
	];

	test('does not claim to have sent what the first one sent', async () => {
		const run = await studio.run(twice({}), ITEMS);
		expect(run.json('Start')).toMatchObject([{ sent: true }]);
		expect(run.json('Second')).toMatchObject([{ sent: false, profile_key: rawProfile }]);
		expect(run.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});

	test('with another profile is an error, though the status still says Pending', async () => {
		await studio.control.set({ statusLagSeconds: 120 });
		const run = await studio.run(twice({ profile: otherProfile }), ITEMS);
		expect(run.words).toContain(`profile ${USED}, not ${OTHER}`);
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});

	test.each([0, 120])('with If Already Sent: Fail is an error, with a status that lags %i s', async (lag) => {
		await studio.control.set({ statusLagSeconds: lag });
		const run = await studio.run(twice({ options: { ifAlreadyStarted: 'fail' } }), ITEMS);
		expect(run.words).toMatch(/^The edit of project 'Anna' was already started/);
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});

	test('with If Already Sent: Fail is an error, also where the first edit has failed', async () => {
		await studio.control.addFaults({ kind: 'endsFailed', call: 'edit' });
		const steps = twice({ options: { ifAlreadyStarted: 'fail' } });
		const [waiting] = steps.splice(4, 1);
		steps.splice(3, 0, { ...waiting, parameters: { options: { ifFailed: 'passOn' } } });
		const run = await studio.run(steps, ITEMS);
		expect(run.words).toMatch(/^The edit of project 'Anna' was already started: its status is Failed/);
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});

	test('with Start Again sends once more', async () => {
		const run = await studio.run(twice({ options: { ifAlreadyStarted: 'startAgain' } }), ITEMS);
		expect(run.json('Second')).toMatchObject([{ sent: true }]);
		expect(await studio.bill()).toMatchObject({ edits: 2 });
		expect(await run.files('Download')).toEqual(await studio.resultsOf('Anna'));
	});
});

test('a shoot that was edited before gives the profile that was used in its one item per shoot, and says that it sent nothing', async () => {
	const steps = (profile: number) => [shoot('Anna', { profile, options: { shootOutput: 'shoot' } })];
	const jpegs = photos('A_1.jpg');
	expect((await studio.run(steps(jpegProfile), jpegs)).json('Shoot')).toMatchObject([
		{ sent: true, profile_key: jpegProfile },
	]);
	expect((await studio.run(steps(jpegProfile), jpegs)).json('Shoot')).toMatchObject([
		{ sent: false, profile_key: jpegProfile },
	]);
});
