import { photo } from '../support/engine/index.ts';
import {
	create,
	exportStart,
	exportWait,
	photos,
	retouch,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();

const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const startAgain = { ifAlreadyStarted: 'startAgain' };
const second = (step: Step): Step => ({ ...step, name: `${step.name} 2` });
const exported = [create('Anna'), upload(), start(), wait(), exportStart(), exportWait()];

/** The parent of the last version of a photo. */
const lastParent = async () => {
	const [{ versions }] = (await studio.project('Anna')).retouched;
	return versions.at(-1)!.parent_version_id;
};

test.each([
	{
		what: 'edit and export',
		between: [start({ options: startAgain }), wait(), exportStart(), exportWait()],
	},
	{ what: 'export', between: [exportStart({ options: startAgain }), exportWait()] },
])('after a new $what in the same execution, a retouch starts from the new photo', async ({ between }) => {
	const run = await studio.run([...exported, retouch, ...between.map(second), second(retouch)], ITEMS);
	expect(run.words).toBe('');
	expect(run.json('Retouch 2').map(({ parent_version_id: parent }) => parent)).toEqual([null, null]);
});

test('after a new edit of Smart Editing in the same execution, a retouch starts from the new photo', async () => {
	const flow = 'I2I';
	const again = [second(start({ flow, options: startAgain })), second(wait()), second(retouch)];
	const run = await studio.run(
		[create('Anna', { flow }), upload(), start({ flow }), wait(), retouch, ...again],
		ITEMS,
	);
	expect(run.words).toBe('');
	expect(run.json('Retouch 2').map(({ parent_version_id: parent }) => parent)).toEqual([null, null]);
});

test('after a photo was replaced, a retouch builds on the replacement', async () => {
	await studio.control.createProject({ name: 'Anna', photos: ['A_1.NEF'], state: 'exported' });
	const { project_uuid } = await studio.project('Anna');
	const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('new'.padEnd(200, '.'))]);
	const fileName = 'A_1.jpg';
	const one: Step = { ...retouch, parameters: { ...retouch.parameters, photos: 'one', fileName } };
	// n8n runs branches from top to bottom: Retouch, then Replace with the file of the start, then Retouch once more.
	const replace: Step = {
		name: 'Replace',
		operation: 'export.replacePhoto',
		parameters: { fileName },
		after: 'Photos',
	};
	const run = await studio.run(
		[one, replace, { ...second(one), after: 'Replace' }],
		[photo('new.jpg', jpeg, { project_uuid })],
	);
	expect(run.words).toBe('');
	expect(await lastParent()).toBeNull();
});
