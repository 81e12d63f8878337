import { randomBytes } from 'node:crypto';
import { stringify } from 'flatted';
import type { IDataObject } from 'n8n-workflow';
import type { InputItem } from '../support/engine/index.ts';
import { LINK_TOKEN, LinkServer, type LinkBehaviour } from '../support/linkServer.mts';
import { photoBytes } from '../support/photoBytes.ts';
import {
	continuing,
	create,
	download,
	exportStart,
	exportWait,
	FLOWS,
	namesOf,
	retrying,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Ended,
	type Step,
} from './studio.mts';

const studio = useStudio();

let drive: LinkServer;
beforeAll(async () => {
	drive = await LinkServer.open();
});
beforeEach(() => drive.clear());
afterAll(async () => await drive.close());

const KiB = 1024;

/** A photo of a size at which it is read in several pieces. */
const bytesOf = (name: string) => photoBytes(name, `photo ${name}\n`.padEnd(300 * KiB, '\0'));

/** A JPEG of two parts: they are smaller here than at Imagen. */
const LARGE = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(6 * 1024 * KiB, 'large')]);

/** Items that bring a link each. */
const linked = (names: string[], behaviour: LinkBehaviour & { content?: string } = {}): InputItem[] =>
	names.map((name) => {
		const { content, ...rest } = behaviour;
		const bytes = content === undefined ? bytesOf(name) : Buffer.from(content);
		return { json: { name, url: drive.keep(name, bytes, rest) } };
	});

/** Create has an item for the whole input, without what the others bring. */
const FROM_PHOTOS = {
	photosFrom: 'links',
	link: "={{ $('Photos').item.json.url }}",
	fileName: "={{ $('Photos').item.json.name }}",
};

/** Uploads what lies behind the links of the items to a project. */
const toAnna = (step: Partial<Step> = {}): Step[] => [
	create('Anna'),
	upload({ ...step, parameters: { ...FROM_PHOTOS, ...step.parameters } }),
];

/** The same by one node, from upload to results. */
function shootByLinks(given: Parameters<typeof shoot>[1]): Step {
	const step = shoot('Anna', given);
	return { ...step, parameters: { ...step.parameters, photosFrom: 'links', link: '={{ $json.url }}' } };
}

/** What a run leaves behind, but for the input. */
function expectNoToken(run: Ended, ...steps: string[]): void {
	const { error } = run.result;
	const items = steps.flatMap((step) => [...run.items(step), ...run.items(step, 1)]);
	expect(stringify([error, error?.message, error?.description, error?.stack, items])).not.toContain(
		LINK_TOKEN,
	);
}

test.each<[string, LinkBehaviour]>([
	['that gives ranges', {}],
	['that knows no ranges', { ranges: false }],
	['that does not say how long a file is', { length: false }],
	['that knows neither ranges nor lengths', { ranges: false, length: false }],
	['that leads on to others', { redirects: 5 }],
	['that is busy at times', { statuses: [503, 429] }],
	['that breaks off', { breaksAfter: 100 * KiB }],
])('a photo goes whole from a server %s to Imagen', async (_what, behaviour) => {
	const names = ['A_1.NEF', 'A_2.NEF'];
	const run = await studio.run(toAnna(), linked(names, behaviour));
	expect(run.words).toBe('');
	const { photos } = await studio.project('Anna');
	const sizes = photos.map(({ file_name: name, bytes }) => [name, bytes]);
	expect(sizes.sort()).toEqual(names.map((name) => [name, bytesOf(name).length]));
	expectNoToken(run, 'Create', 'Upload');
});

test('a link is asked without a key, for the first part of a photo before anything is sent, and for the whole when it goes up', async () => {
	const run = await studio.run(toAnna(), linked(['A_1.NEF']));
	expect(run.words).toBe('');
	expect(drive.requests).toEqual(['A_1.NEF bytes=0-65535', `A_1.NEF bytes=0-${300 * KiB - 1}`]);
	expect(drive.headers.map((headers) => headers['x-api-key'])).toEqual([undefined, undefined]);
});

test('sidecars, hidden files and folders among links are skipped by their names: nobody asks for them', async () => {
	const items = linked(['A_1.NEF', 'A_1.xmp', '.DS_Store', '._A_1.NEF']);
	const run = await studio.run(toAnna(), [...items, { json: { name: 'Edited' } }]);
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF']);
	expect(drive.requests.every((line) => line.startsWith('A_1.NEF '))).toBe(true);
});

test('a large photo goes in parts to a Smart Editing project, each by its own range of the link', async () => {
	const url = drive.keep('large.jpg', LARGE);
	const steps = [create('Anna', { flow: 'I2I' }), upload({ parameters: FROM_PHOTOS })];
	const run = await studio.run(steps, [{ json: { name: 'large.jpg', url } }]);
	expect(run.words).toBe('');
	expect((await studio.project('Anna')).photos).toEqual([{ file_name: 'large.jpg', bytes: LARGE.length }]);
	const partBytes = 5 * 1024 * KiB;
	expect(drive.requests.slice(1)).toEqual([
		`large.jpg bytes=0-${partBytes - 1}`,
		`large.jpg bytes=${partBytes}-${LARGE.length - 1}`,
	]);
});

const FRESH = 'Get the links right before this node';

describe('a shoot with a link that leads to no photo ends before anything is created or billed', () => {
	const byLinks = (options = {}, settings?: Step['settings']) => shootByLinks({ options, settings });

	test.each<[string, LinkBehaviour & { content?: string }, string, string]>([
		[
			'to a web page',
			{ contentType: 'text/html; charset=utf-8' },
			"The link to 'A_2.NEF' leads to a web page, not to the file itself",
			FRESH,
		],
		[
			'that has expired',
			{ statuses: [403] },
			"The link to 'A_2.NEF' has expired or needs a sign-in (403)",
			FRESH,
		],
		[
			'that is gone',
			{ statuses: [410] },
			"The link to 'A_2.NEF' has expired or needs a sign-in (410)",
			FRESH,
		],
		['to nothing', { statuses: [404] }, "The link to 'A_2.NEF' does not lead to a file (404)", FRESH],
		[
			'to the answer of an API',
			{ contentType: 'application/json' },
			"The link to 'A_2.NEF' leads to JSON, not to the file itself",
			FRESH,
		],
		[
			'to an error of a storage',
			{ contentType: 'application/xml' },
			"The link to 'A_2.NEF' leads to XML, not to the file itself",
			FRESH,
		],
		[
			'to a few words',
			{ content: 'Quota exceeded' },
			"The link to 'A_2.NEF' leads to a file that contains text",
			FRESH,
		],
		[
			'to an empty file',
			{ content: '' },
			"The link to 'A_2.NEF' leads to a file that is empty (0 bytes)",
			FRESH,
		],
		['in a circle', { redirects: 6 }, "The link to 'A_2.NEF' redirects more than 5 times", FRESH],
		[
			'that leads on without https',
			{ location: 'http://photos.example.com/A_2.NEF' },
			"The link to 'A_2.NEF' redirects to an address that does not start with https://",
			'Use another kind of link',
		],
		[
			'of a busy server',
			{ statuses: Array.from({ length: 10 }, () => 503) },
			"Imagen AI could not read 'A_2.NEF' from its link: its server answered with 503",
			"The problem is on the link's server",
		],
	])('%s', async (_what, behaviour, message, remedy) => {
		const items = [...linked(['A_1.NEF']), ...linked(['A_2.NEF'], behaviour)];
		const run = await studio.run([byLinks()], items);
		expect(run.words).toContain(message);
		expect(run.words).toContain(remedy);
		expect(run.words).toContain('Nothing was created, sent or billed.');
		expectNoToken(run);
		expect(await studio.control.projects()).toEqual([]);
	});

	test.each<[string, IDataObject, string]>([
		['that is empty', { name: 'A_1.NEF', url: '' }, "'Link' is empty for 'A_1.NEF'"],
		['that is missing', { name: 'A_1.NEF' }, "'Link' is empty for 'A_1.NEF'"],
		['without a file name', { url: 'https://drive.example.com/1' }, "'File Name' is empty"],
		[
			'that is none',
			{ name: 'A_1.NEF', url: 'A_1.NEF' },
			"The link to 'A_1.NEF' does not look like a web address",
		],
		[
			'to a file of the disk',
			{ name: 'A_1.NEF', url: 'file:///A_1.NEF' },
			"The link to 'A_1.NEF' does not start with https://",
		],
		[
			'in the answer of an API',
			{ name: 'A_1.NEF', url: { link: `https://drive.example.com/1?token=${LINK_TOKEN}` } },
			`'Link' is '{"link":"a link"}', which is not text`,
		],
	])('%s', async (_what, json, message) => {
		const run = await studio.run([byLinks()], [{ json }]);
		expect(run.words).toContain(message);
		expectNoToken(run);
		expect(await studio.control.projects()).toEqual([]);
	});

	test('one reason is said once, with the first names, also of a server that is busy', async () => {
		const names = Array.from({ length: 12 }, (_, index) => `A_${index + 1}.NEF`);
		const run = await studio.run([byLinks()], linked(names, { statuses: [503, 503, 503, 503, 503] }));
		expect(run.words).toContain('and 2 more');
		expect(run.words.match(/its server answered with 503/g)).toHaveLength(1);
	});

	test('JPEGs beside RAW photos are left out for their names: nobody asks for their links', async () => {
		const items = [...linked(['A_1.NEF']), ...linked(['A_1.JPG'], { statuses: [403] })];
		const run = await studio.run([byLinks({ ifMixed: 'rawOnly' })], items);
		expect(run.words).toBe('');
		expect(drive.requests.every((line) => line.startsWith('A_1.NEF '))).toBe(true);
	});

	test('a photo that is left out stands in photos_failed', async () => {
		const items = [...linked(['A_1.NEF']), ...linked(['A_2.NEF'], { statuses: [404] })];
		const run = await studio.run([byLinks({ editWithoutFailed: true })], items);
		expect(run.words).toBe('');
		expect(run.json('Shoot')).toMatchObject([{ source_file_name: 'A_1.NEF', photos_failed: ['A_2.NEF'] }]);
	});

	test('but not where it may go without failed photos: then the photo is left out and named', async () => {
		const items = [...linked(['A_1.NEF']), ...linked(['A_2.NEF'], { statuses: [403] })];
		const run = await studio.run([byLinks({ editWithoutFailed: true }, continuing)], items);
		expect(run.errors('Shoot')).toEqual([
			expect.stringContaining("The link to 'A_2.NEF' has expired or needs a sign-in (403)"),
		]);
		expect(namesOf(await run.files('Shoot'))).toEqual(['A_1.xmp']);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 1 });
	});
});

describe.each(FLOWS)('a shoot from links (%s)', (flow) => {
	const names = Array.from({ length: 5 }, (_, index) => `A_${index + 1}.${flow === 'I2I' ? 'JPG' : 'NEF'}`);
	const items = (): InputItem[] =>
		names.map((name) => ({
			json: { name, url: drive.keep(name, bytesOf(name)) },
		}));
	const byLinks = () => shootByLinks({ flow });

	test('gives a result for each photo, linked to the item with its link', async () => {
		const run = await studio.run([byLinks()], items());
		expect(run.words).toBe('');
		expect(run.json('Shoot').map(({ source_file_name }) => source_file_name)).toEqual(names);
		expectNoToken(run, 'Shoot');
	});

	test('is not sent or billed again in a second run, with other links to the same photos', async () => {
		await studio.run([byLinks()], items());
		await studio.control.clearRequests();
		const run = await studio.run([byLinks()], items());
		expect(run.words).toBe('');
		expect(await studio.requests('put')).toBe(0);
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 5 });
		expect(run.json('Shoot')).toHaveLength(5);
	});

	test('knows the photos that were sent from files before', async () => {
		const files = items().map(({ json }) => ({
			json,
			files: {
				data: {
					fileName: String(json!.name),
					bytes: bytesOf(String(json!.name)),
				},
			},
		}));
		await studio.run([shoot('Anna', { flow })], files);
		const run = await studio.run([byLinks()], items());
		expect(run.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1, photos: 5 });
	});
});

test('Retry On Fail sends only what has not arrived, and asks no link for the whole photo again', async () => {
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, fileName: 'A_2.NEF', times: 1 });
	const run = await studio.run(toAnna({ settings: retrying }), linked(['A_1.NEF', 'A_2.NEF']));
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
	const whole = `bytes=0-${300 * KiB - 1}`;
	expect(drive.requests.filter((line) => line.endsWith(whole)).sort()).toEqual([
		`A_1.NEF ${whole}`,
		`A_2.NEF ${whole}`,
		`A_2.NEF ${whole}`,
	]);
});

test('Retry On Fail needs no link of a photo that has arrived: one that has expired meanwhile stops nothing', async () => {
	await studio.control.addFaults({ kind: 'status', call: 'put', status: 400, fileName: 'A_2.NEF', times: 1 });
	const items = [...linked(['A_1.NEF'], { expiresAfter: 2 }), ...linked(['A_2.NEF'])];
	const run = await studio.run(toAnna({ settings: retrying }), items);
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
});

test('Retry On Fail does not say that nothing was sent, where a link expires after the first photos have arrived', async () => {
	const items = [...linked(['A_1.NEF']), ...linked(['A_2.NEF'], { expiresAfter: 1 })];
	const run = await studio.run(toAnna({ settings: retrying }), items);
	expect(run.words).toContain("The link to 'A_2.NEF' has expired or needs a sign-in (403)");
	expect(run.words).toContain('The other one is uploaded');
});

test('a name with a question mark, with spaces, or in a link is the name that the photo has', async () => {
	const names = ['Bride + Groom? Yes.NEF', 'two words.NEF'];
	const items = linked(names);
	const asLink = drive.keep('My Photo.NEF', bytesOf('My Photo.NEF'));
	const run = await studio.run(toAnna(), [...items, { json: { name: asLink, url: asLink } }]);
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual([
		'Bride + Groom? Yes.NEF',
		'My Photo.NEF',
		'two words.NEF',
	]);
});

test('a link that expires before its photo is sent is the failure of that photo, and says so', async () => {
	const items = [...linked(['A_1.NEF']), ...linked(['A_2.NEF'], { expiresAfter: 1 })];
	const run = await studio.run(toAnna(), items);
	expect(run.words).toContain("The link to 'A_2.NEF' has expired or needs a sign-in (403)");
	expect(run.words).toContain("The link to 'A_2.NEF' has expired or needs a sign-in (403)");
	expect(run.words).toContain(FRESH);
	expectNoToken(run);
	expect(await studio.photoNames('Anna')).toContain('A_1.NEF');
});

test('a link by which no whole photo ever comes is named as what is wrong, not the storage of Imagen', async () => {
	const url = drive.keep('A_1.NEF', bytesOf('A_1.NEF'), { breaksAfter: 100 * KiB, breaksAlways: true });
	const run = await studio.run(toAnna(), [{ json: { name: 'A_1.NEF', url } }]);
	expect(run.words).toContain("Imagen AI could not read 'A_1.NEF' from its link: the connection broke");
	expect(run.words).toContain('Check that n8n can reach the address of the link');
	expect((await studio.project('Anna')).photos).toEqual([{ file_name: 'A_1.NEF', bytes: null }]);
});

test('a file that changes between the look at it and its upload is not sent half of one and half of the other', async () => {
	const [item] = linked(['A_1.NEF'], { then: bytesOf('A_1.NEF').subarray(0, 200 * KiB) });
	const run = await studio.run(toAnna(), [item]);
	expect(run.words).toContain("The file behind the link to 'A_1.NEF' has changed");
});

test('a file that changes between two of its parts is not sent half of one and half of the other', async () => {
	const url = drive.keep('large.jpg', LARGE, { etags: ['"one"', '"one"', '"two"'] });
	const steps = [create('Anna', { flow: 'I2I' }), upload({ parameters: FROM_PHOTOS })];
	const run = await studio.run(steps, [{ json: { name: 'large.jpg', url } }]);
	expect(run.words).toContain("The file behind the link to 'large.jpg' has changed");
	expect((await studio.project('Anna')).photos).toEqual([{ file_name: 'large.jpg', bytes: null }]);
});

test('a file whose server does not know ranges goes in parts as well, each with its own bytes', async () => {
	const url = drive.keep('large.jpg', LARGE, { ranges: false });
	const steps = [create('Anna', { flow: 'I2I' }), upload({ parameters: FROM_PHOTOS })];
	const run = await studio.run(steps, [{ json: { name: 'large.jpg', url } }]);
	expect(run.words).toBe('');
	expect((await studio.project('Anna')).photos).toEqual([{ file_name: 'large.jpg', bytes: LARGE.length }]);
});

test('a file that is kept compressed, so that more comes than is announced, is not sent cut short', async () => {
	const bytes = Buffer.concat([randomBytes(150 * KiB), Buffer.alloc(150 * KiB)]);
	const url = drive.keep('A_1.NEF', bytes, { gzip: true, ranges: false });
	const run = await studio.run(toAnna(), [{ json: { name: 'A_1.NEF', url } }]);
	expect(run.words).toContain("The link to 'A_1.NEF' returns more data than its server announced");
	expect((await studio.project('Anna')).photos).toEqual([{ file_name: 'A_1.NEF', bytes: null }]);
});

test('a whole link that is given for the name is read for the name in it, and its token stays out of the output', async () => {
	const url = drive.keep('A_1.NEF', bytesOf('A_1.NEF'));
	const fileName = "={{ $('Photos').item.json.url }}";
	const run = await studio.run(toAnna({ parameters: { fileName } }), [{ json: { url } }]);
	expect(run.words).toBe('');
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF']);
	expectNoToken(run, 'Upload');
});

test('Verify With MD5 checks what comes by links, and a link that fails meanwhile takes no other photo with it', async () => {
	const items = [...linked(['A_1.NEF']), ...linked(['A_2.NEF'], { expiresAfter: 1 })];
	const run = await studio.run(
		toAnna({ parameters: { options: { verifyMd5: true } }, settings: continuing }),
		items,
	);
	expect(run.errors('Upload')).toEqual([expect.stringContaining("The link to 'A_2.NEF' has expired")]);
	expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF']);
});

test('an exported photo is replaced by the JPEG behind a link', async () => {
	const retouched = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), bytesOf('retouched')]);
	const url = drive.keep('retouched', retouched);
	const replace: Step = {
		name: 'Replace',
		operation: 'export.replacePhoto',
		parameters: { fileName: 'A_1.jpg', photosFrom: 'links', link: url },
	};
	const steps = [...toAnna(), start(), wait(), exportStart(), exportWait(), replace];
	const run = await studio.run(steps, linked(['A_1.NEF']));
	expect(run.words).toBe('');
	expect((await studio.resultsOf('Anna', 'export')).get('A_1.jpg')).toEqual(retouched);
	expectNoToken(run, 'Replace');
});

test('Download edited photos after photos from links names the photo and the item of each result', async () => {
	const run = await studio.run([...toAnna(), start(), wait(), download()], linked(['A_1.NEF', 'A_2.NEF']));
	expect(run.words).toBe('');
	expect(run.json('Download').map(({ source_file_name }) => source_file_name)).toEqual([
		'A_1.NEF',
		'A_2.NEF',
	]);
});
