import { withAnswers, type Rewrite } from './rewritten.mts';
import {
	create,
	download,
	finalize,
	nodesInARow,
	photos,
	retouch,
	start,
	upload,
	useStudio,
	wait,
} from './studio.mts';

jest.setTimeout(60_000);

const studio = useStudio();
const ITEMS = photos('A_1.NEF', 'A_2.NEF');
const NO_PHOTOS = [{ json: {} }];

test.each(['DNG', 'NEF'])(
	'the result of a %s that is missing is missed, also where Imagen does not say which tools were used',
	async (extension) => {
		await studio.control.set({ missingResults: 1 });
		const names = ['A_1', 'A_2', 'A_3'].map((name) => `${name}.${extension}`);
		await studio.control.createProject({ name: 'Anna', photos: names, state: 'edited' });
		await studio.control.addFaults({ kind: 'missingKey', call: 'project', key: 'ai_tools', times: 'always' });
		expect((await studio.run([create('Anna'), download()], NO_PHOTOS)).words).toContain('1 fewer');
	},
);

test('a result that is listed twice does not stand for the one that is missing', async () => {
	const names = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF'];
	await studio.control.createProject({ name: 'Anna', photos: names, state: 'edited' });
	const lastTwice: Rewrite = ({ path, body }) => {
		if (!path.includes('/get_temporary_download_links')) return undefined;
		const [first, last] = body.data.files_list;
		return { data: { files_list: [first, last, last] } };
	};
	const run = await withAnswers(studio.client.sandbox.apiUrl, lastTwice, async (apiUrl) =>
		studio.run([create('Anna'), download()], NO_PHOTOS, { apiUrl }),
	);
	expect(run.words).toContain('1 fewer');
});

test.each(['A_1.xmp, A_9.xmp', 'a_1.XMP,A_9.xmp'])(
	'a name of %s that no result has is an error',
	async (fileNames) => {
		await studio.run(nodesInARow('Anna'), ITEMS);
		const run = await studio.run([create('Anna'), download({ options: { fileNames } })], NO_PHOTOS);
		expect(run.words).toContain("don't include 'A_9.xmp'");
		expect(run.words).not.toContain('A_1');
	},
);

test.each(['emptyList', 'partialList'] as const)(
	'Finalize with an %s says which photos have no file',
	async (kind) => {
		const flow = 'I2I';
		await studio.run([create('Anna', { flow }), upload(), start({ flow }), wait()], ITEMS);
		const lessFinal: Rewrite = ({ path, body }) => {
			if (!path.endsWith('/finalize')) return undefined;
			return { data: { files_list: kind === 'emptyList' ? [] : body.data.files_list.slice(0, 1) } };
		};
		const run = await withAnswers(studio.client.sandbox.apiUrl, lessFinal, async (apiUrl) =>
			studio.run([create('Anna', { flow }), retouch, finalize], NO_PHOTOS, { apiUrl }),
		);
		expect(run.words).toContain(
			`Imagen AI returned no final file for ${kind === 'emptyList' ? 2 : 1} of 2 photos`,
		);
		expect(run.words).toContain("'A_2.jpg'");
	},
);
