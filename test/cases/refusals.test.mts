import {
	create,
	download,
	exportDownload,
	exportStart,
	exportWait,
	finalize,
	FLOWS,
	photos,
	retouch,
	start,
	upload,
	useStudio,
	wait,
} from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const WORDS = 'Not enough credits';

/** What the API may answer with status 200 in place of doing it. */
const REFUSALS = [
	{ what: 'an error with a message', body: { error: { message: WORDS } } },
	{ what: 'an error in an envelope', body: { data: { error: WORDS } } },
	{ what: 'success: false', body: { success: false, message: WORDS } },
	{ what: 'success: false around an error', body: { success: false, data: { error: WORDS } } },
];

describe.each(REFUSALS)('a start that is answered with status 200 and $what', ({ body }) => {
	test.each(FLOWS)(
		'of an edit (%s): is an error in these words, and nothing counts as sent',
		async (flow) => {
			const call = flow === 'I2I' ? 'smartEdit' : 'edit';
			await studio.control.addFaults({ kind: 'status', call, status: 200, body });
			const refused = await studio.run([create('Anna', { flow }), upload(), start({ flow }), wait()], ITEMS);
			expect(refused.words).toMatch(
				`Imagen AI could not start the edit of project 'Anna': ${WORDS}\nIn this node, correct what the message names`,
			);
			expect(await studio.bill()).toEqual({ edits: 0, photos: 0, exports: 0 });

			const again = await studio.run(
				[create('Anna', { flow }), start({ flow }), wait(), download()],
				[{ json: {} }],
			);
			expect(again.words).toBe('');
			expect(again.json('Start')).toMatchObject([{ sent: true }]);
		},
	);

	test('of an export: is an error in these words, and the next run exports', async () => {
		await studio.run([create('Anna'), upload(), start(), wait()], ITEMS);
		await studio.control.addFaults({ kind: 'status', call: 'export', status: 200, body });
		const steps = [create('Anna'), exportStart(), exportWait(), exportDownload()];
		const refused = await studio.run(steps, [{ json: {} }]);
		expect(refused.words).toContain(`Imagen AI could not start the export of project 'Anna': ${WORDS}\n`);

		const again = await studio.run(steps, [{ json: {} }]);
		expect(again.words).toBe('');
		expect((await again.files('Export Download')).size).toBe(2);
	});
});

test.each([
	{
		call: 'copilot' as const,
		step: retouch,
		purpose: "apply the instruction to 'A_1.jpg' of project 'Anna'",
	},
	{ call: 'finalize' as const, step: finalize, purpose: "finalize project 'Anna'" },
])(
	'$call that is answered with status 200 and an error is an error in these words',
	async ({ call, step, purpose }) => {
		await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF'], state: 'exported' });
		await studio.control.addFaults({ kind: 'status', call, status: 200, body: { error: WORDS } });
		const run = await studio.run([create('Anna'), step], [{ json: {} }]);
		expect(run.words).toContain(`Imagen AI could not ${purpose}: ${WORDS}\n`);
	},
);
