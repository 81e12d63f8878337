import { byId } from '../support/imagen.ts';
import {
	create,
	download,
	exportDownload,
	exportStart,
	exportWait,
	nodesInARow,
	photos,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();
const NO_PHOTOS = [{ json: {} }];
const retouchOne: Step = {
	name: 'Retouch',
	operation: 'retouch.applyInstruction',
	parameters: { instruction: 'Brighter' },
};
const replace: Step = { name: 'Replace', operation: 'export.replacePhoto' };

/** The JPEGs of a project, by its name. */
const downloaded = (): Step => {
	const step = exportDownload();
	return { ...step, parameters: { ...step.parameters, project: { ...byId('Anna'), mode: 'name' } } };
};

test.each(
	[
		{ what: 'a colon', name: 'A:1.NEF' },
		{ what: 'quotes', name: 'Anna "x".NEF' },
		{ what: 'the Unicode form of a Mac', name: 'Mu\u0308ller.NEF' },
	].flatMap((photo) => [retouchOne, replace].map((step) => ({ ...photo, step, node: step.name }))),
)('$node finds a photo with $what in its name behind Download', async ({ name, step }) => {
	await studio.control.createProject({ name: 'Anna', photos: [name, 'B_2.NEF'], state: 'exported' });
	const run = await studio.run([downloaded(), step], NO_PHOTOS);
	expect(run.words).toBe('');
	expect(run.json(step.name).map(({ status }) => status)).toEqual(['Completed', 'Completed']);
});

const exported = [create('Anna'), upload(), start(), wait(), exportStart(), exportWait(), exportDownload()];

test.each([
	{ way: 'nodes in a row', steps: exported },
	{ way: 'Shoot', steps: [shoot('Anna', { results: 'exported' })] },
])('Retouch finds a photo that $way has uploaded, by the name that Imagen has', async ({ steps }) => {
	const run = await studio.run([...steps, retouchOne], photos('Anna: 1.NEF', 'B_2.NEF'));
	expect(run.words).toBe('');
	expect(run.json('Retouch').map(({ file_name: name }) => name)).toEqual(['Anna: 1.jpg', 'B_2.jpg']);
});

test.each(['Anna_ 1.xmp', 'Anna: 1.xmp', 'anna_*'])(
	"'File Names' takes %s for the file that is called Anna_ 1.xmp",
	async (fileNames) => {
		await studio.run(nodesInARow('Anna'), photos('Anna: 1.NEF', 'B_2.NEF'));
		const run = await studio.run([create('Anna'), download({ options: { fileNames } })], NO_PHOTOS);
		expect(run.words).toBe('');
		expect(run.json('Download').map(({ file_name: name }) => name)).toEqual(['Anna_ 1.xmp']);
	},
);
