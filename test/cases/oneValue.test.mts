import type { INodeParameters } from 'n8n-workflow';
import { rawProfile } from '../../sandbox/sandboxClient.mts';
import { photo, type InputItem } from '../support/engine/index.ts';
import { byId, hintsOf } from '../support/imagen.ts';
import { photoBytes } from '../support/photoBytes.ts';
import {
	continuing,
	create,
	download,
	errorOutput,
	exportStart,
	finalize,
	otherProfile,
	photos,
	preview,
	retouch,
	shoot,
	start,
	upload,
	useStudio,
	wait,
	type Step,
} from './studio.mts';

const studio = useStudio();

const of = (name: string, json: InputItem['json']): InputItem =>
	photo(name, photoBytes(name, `photo ${name}\n`.padEnd(300, '\0')), json);

const withParameters = (step: Step, parameters: INodeParameters): Step => ({
	...step,
	parameters: { ...step.parameters, ...parameters },
});

const ofItem = (field: string) => `={{ $json.${field} }}`;
const ofPhoto = (field: string) => `={{ $('Photos').item.json.${field} }}`;

/** What has happened at Imagen: projects, and what was billed. */
const done = async () => ({
	projects: (await studio.control.projects()).length,
	...(await studio.bill()),
});
const NOTHING = { projects: 0, edits: 0, photos: 0, exports: 0 };

const CLIENTS = [
	of('A_1.NEF', { client: 'Anna', folder: '1', profile: rawProfile }),
	of('A_2.NEF', { client: 'Anna', folder: '1', profile: rawProfile }),
	of('B_1.NEF', { client: 'Ben', folder: '1', profile: otherProfile }),
];

describe('a shoot whose items differ in what holds for the whole shoot ends before anything is created', () => {
	test.each([
		['Edit shoot', shoot],
		['Preview shoot', preview],
	])('in Project Name: %s names both clients, their items and Group By', async (_action, step) => {
		const run = await studio.run([step(ofItem('client'))], CLIENTS);
		expect(run.words).toContain("'Project Name' is 'Anna' for item 1, but 'Ben' for item 3\n");
		expect(run.words).toContain("set 'Group By' to the expression of 'Project Name'");
		expect(await done()).toEqual(NOTHING);
	});

	test('in Project Name within a group of Group By', async () => {
		const options = { groupBy: ofItem('folder') };
		const run = await studio.run([shoot(ofItem('client'), { options })], CLIENTS);
		expect(run.words).toContain("'Project Name' is 'Anna' for item 1, but 'Ben' for item 3\n");
		expect(await done()).toEqual(NOTHING);
	});

	test('in Project Name, of which one photo has none', async () => {
		const run = await studio.run([shoot(ofItem('client'))], [CLIENTS[0], of('B_1.NEF', {})]);
		expect(run.words).toContain("'Project Name' is empty for this item");
		expect(await done()).toEqual(NOTHING);
	});

	test.each([
		['Edit shoot', shoot],
		['Preview shoot', preview],
	])('in Profile: %s', async (_action, step) => {
		const profile = byId(ofItem('profile'));
		const run = await studio.run([withParameters(step('Anna'), { profile })], CLIENTS);
		const [one, other] = [rawProfile, otherProfile];
		expect(run.words).toContain(`'Profile' is '${one}' for item 1, but '${other}' for item 3\n`);
		expect(run.words).toContain('Nothing was created, sent or billed.');
		expect(await done()).toEqual(NOTHING);
	});

	test('in Profile, of which one photo has none', async () => {
		const profile = byId(ofItem('profile'));
		const items = [CLIENTS[0], of('B_1.NEF', {})];
		const run = await studio.run([withParameters(shoot('Anna'), { profile })], items);
		expect(run.words).toContain("'Profile' is empty");
		expect(await done()).toEqual(NOTHING);
	});

	const isAnna = "={{ $json.client === 'Anna' }}";
	const choose = (one: string, other: string) => `={{ $json.client === 'Anna' ? '${one}' : '${other}' }}`;
	test.each<[string, Step, string]>([
		['AI Tools', shoot('Anna', { tools: { smoothSkin: isAnna } }), "'Smooth Skin' is 'true' for item 1"],
		[
			'Editing Flow',
			withParameters(shoot('Anna'), { editingFlow: choose('REGULAR', 'I2I') }),
			"'Editing Flow' is 'AI Profile' for item 1, but 'Smart Editing' for item 3",
		],
		[
			'If Name Exists',
			shoot('Anna', { options: { ifNameExists: choose('fail', 'useExisting') } }),
			"'If Name Exists' is 'Fail' for item 1, but 'Use Existing' for item 3",
		],
		[
			'If Mixed',
			shoot('Anna', { options: { ifMixed: choose('rawOnly', 'jpegOnly') } }),
			"'If Mixed' is 'RAW Only' for item 1, but 'JPEG Only' for item 3",
		],
		[
			'If Already Started',
			shoot('Anna', { options: { ifAlreadyStarted: choose('startAgain', 'skip') } }),
			"'If Already Started' is 'Start Again' for item 1, but 'Skip' for item 3",
		],
		[
			'Photography Type',
			shoot('Anna', { options: { photographyType: choose('WEDDING', 'SPORTS') } }),
			"'Photography Type' is 'Wedding' for item 1, but 'Sports' for item 3",
		],
		[
			'Callback URL',
			shoot('Anna', { options: { callbackUrl: choose('https://one.example/secret', 'https://two.example/secret') } }),
			"'Callback URL' is 'https://one.example/…' for item 1, but 'https://two.example/…' for item 3",
		],
		[
			'Results',
			shoot('Anna', { results: choose('none', 'edited') }),
			"'Results' is 'None' for item 1, but 'Edited Photos' for item 3",
		],
		[
			'Give Up After (Minutes)',
			shoot('Anna', { options: { timeoutMinutes: choose('30', '60') } }),
			"'Give Up After (Minutes)' is '30' for item 1, but '60' for item 3",
		],
	])('in %s', async (_label, step, words) => {
		const run = await studio.run([step], CLIENTS);
		expect(run.words).toContain(words);
		expect(await done()).toEqual(NOTHING);
	});

	test('With Continue, the items of that shoot are errors, and the other shoots are edited', async () => {
		const profile = byId(ofItem('profile'));
		const items = [...CLIENTS, of('C_1.NEF', { client: 'Cleo', folder: '2', profile: rawProfile })];
		const options = { groupBy: ofItem('folder') };
		const run = await studio.run([withParameters(shoot('', { settings: errorOutput, options }), { profile })], items);
		expect(run.json('Shoot').map(({ project_name }) => project_name)).toEqual(['2']);
		expect(run.json('Shoot', 1)).toHaveLength(3);
		expect(run.errors('Shoot')[0]).toContain("'Profile' is");
		expect(await studio.bill()).toMatchObject({ photos: 1 });
	});
});

describe('items that agree are one shoot', () => {
	test('whatever blanks and kinds of values an expression gives', async () => {
		const items = [
			of('A_1.NEF', { client: 'Anna', profile: rawProfile, skin: true }),
			of('A_2.NEF', { client: 'Anna ', profile: String(rawProfile), skin: 'TRUE' }),
		];
		const step = shoot(ofItem('client'), { tools: { smoothSkin: ofItem('skin') } });
		const run = await studio.run([withParameters(step, { profile: byId(ofItem('profile')) })], items);
		expect(run.words).toBe('');
		expect(await done()).toMatchObject({ projects: 1, edits: 1, photos: 2 });
	});

	test.each([
		['the time', '=Shoot {{ $now.toISO() }}'],
		['a random number', '=Shoot {{ Math.random() }}'],
		['the time beside the client', '={{ $json.client }} {{ $now.toISO() }}'],
	])('where the name has %s, which is read once', async (_what, name) => {
		const items = Array.from({ length: 40 }, (_, index) => of(`A_${index}.NEF`, { client: 'Anna' }));
		const run = await studio.run([shoot(name, { results: 'none' })], items);
		expect(run.words).toBe('');
		expect(await done()).toMatchObject({ projects: 1, edits: 1, photos: 40 });
	});

	test('and items that differ are found beside the time', async () => {
		const run = await studio.run([shoot('={{ $json.client }} {{ $now.toISO() }}')], CLIENTS);
		expect(run.words).toMatch(/^'Project Name' is 'Anna .*' for item 1, but 'Ben .*' for item 3\n/);
		expect(await done()).toEqual(NOTHING);
	});

	test('and each kind of a split shoot has a profile of its own', async () => {
		const options = { ifMixed: 'split', jpegProfile: byId(ofItem('jpegProfile')) };
		const items = [of('A_1.NEF', { client: 'Anna' }), of('A_1.JPG', { client: 'Anna', jpegProfile: 14715 })];
		const run = await studio.run([preview(ofItem('client'), { options })], items);
		expect(run.words).not.toContain('for item');
	});
});

describe('the value is read of items that count', () => {
	const items: InputItem[] = [
		photo('.DS_Store', Buffer.from([0, 0, 0, 1, 66, 117, 100, 49])),
		of('A_1.NEF', { profile: rawProfile, client: 'Anna' }),
		of('A_2.NEF', { profile: rawProfile, client: 'Anna' }),
	];
	test.each<[string, Step]>([
		['Profile', withParameters(shoot('Anna'), { profile: byId(ofItem('profile')) })],
		['Project Name', shoot(ofItem('client'))],
		['Group By', shoot('', { options: { groupBy: ofItem('client') } })],
	])('%s of a shoot is that of its photos, not of the skipped file before them', async (_label, step) => {
		const run = await studio.run([step], items);
		expect(run.words).toBe('');
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF', 'A_2.NEF']);
		expect(hintsOf(run.result).join()).toContain("'.DS_Store' (a hidden file)");
	});

	test('Start edit takes its tools of the items that have not failed in Upload', async () => {
		await studio.control.addFaults({
			kind: 'status',
			call: 'put',
			status: 400,
			fileName: 'A_1.NEF',
			times: 'always',
		});
		const tools = { smoothSkin: "={{ $json.image_type === 'RAW' }}" };
		const steps = [create('Anna'), upload({ settings: continuing }), start({ tools })];
		await studio.run(steps, photos('A_1.NEF', 'A_2.NEF', 'A_3.NEF'));
		const again = await studio.run([create('Anna'), start({ tools: { smoothSkin: true } })], [{ json: {} }]);
		expect(again.words).toBe('');
		expect(await studio.bill()).toMatchObject({ edits: 1 });
	});
});

describe('items of one project that differ in what holds for the project end nodes in a row', () => {
	const perPhoto = upload({ parameters: { options: { uploadOutput: 'photo' } } });
	const two = [
		of('A_1.NEF', { profile: rawProfile, n: 1, again: 'startAgain', flow: 'REGULAR', mixed: 'rawOnly' }),
		of('A_2.NEF', { profile: otherProfile, n: 2, again: 'skip', flow: 'I2I', mixed: 'fail' }),
	];

	test('Create project, before it is created', async () => {
		const step = withParameters(create('Anna'), { editingFlow: ofItem('flow') });
		const run = await studio.run([step], two);
		expect(run.words).toContain("'Editing Flow' is 'AI Profile' for item 1, but 'Smart Editing' for item 2");
		expect(await done()).toEqual(NOTHING);
	});

	test('Upload photos, before a photo is uploaded', async () => {
		const options = { uploadIfMixed: ofPhoto('mixed') };
		const run = await studio.run([create('Anna'), upload({ parameters: { options } })], two);
		expect(run.words).toContain("'If Mixed' is 'RAW Only' for item 1, but 'Fail' for item 2");
		expect(await studio.photoNames('Anna')).toEqual([]);
	});

	test.each<[string, Step, string]>([
		[
			'Profile',
			withParameters(start(), { profile: byId(ofPhoto('profile')) }),
			`'Profile' is '${rawProfile}' for item 1, but '${otherProfile}' for item 2`,
		],
		[
			'If Already Started',
			start({ options: { ifAlreadyStarted: ofPhoto('again') } }),
			"'If Already Started' is 'Start Again' for item 1, but 'Skip' for item 2",
		],
		[
			'AI Tools',
			start({ tools: { crop: "={{ $('Photos').item.json.n === 1 }}" } }),
			"'Crop' is 'true' for item 1, but 'false' for item 2",
		],
	])('Start edit, before it is billed: %s', async (_label, step, words) => {
		const run = await studio.run([create('Anna'), perPhoto, step], two);
		expect(run.words).toContain(words);
		expect(await studio.bill()).toMatchObject({ edits: 0, photos: 0 });
	});

	test.each<[string, Step]>([
		['Wait for edit', wait({ options: { timeoutMinutes: ofPhoto('n') } })],
		['Download edited photos', download({ options: { timeoutMinutes: ofPhoto('n') } })],
		['Start export', exportStart({ options: { timeoutMinutes: ofPhoto('n') } })],
	])('%s: Give Up After', async (_action, step) => {
		const run = await studio.run([create('Anna'), perPhoto, start(), step], two);
		expect(run.words).toContain("'Give Up After (Minutes)' is '1' for item 1, but '2' for item 2");
	});

	test('Finalize retouched photos, before new versions are made', async () => {
		await studio.run([shoot('Anna', { results: 'exported' })], photos('A_1.NEF', 'A_2.NEF'));
		const finalOutput = "={{ $('Photos').item.json.n === 1 ? 'files' : 'links' }}";
		const step = withParameters(finalize, { finalOutput });
		const run = await studio.run([create('Anna'), step], two);
		expect(run.words).toContain("'Output' is 'Files' for item 1, but 'Download Links' for item 2");
		expect(await studio.requests('finalize')).toBe(0);
	});

	test('but each photo is retouched as its own item says', async () => {
		await studio.run([shoot('Anna', { results: 'exported' })], photos('A_1.NEF', 'A_2.NEF'));
		const step = withParameters(retouch, {
			photos: 'one',
			fileName: "=A_{{ $('Photos').item.json.n }}.jpg",
			instruction: "=Brighter {{ $('Photos').item.json.n }}",
		});
		const run = await studio.run([create('Anna'), step], two);
		expect(run.words).toBe('');
	});
});

describe('with Continue, a project whose parameter cannot be read does not stop the other', () => {
	const items = [
		of('A_1.NEF', { client: 'Anna', mixed: 'what', minutes: '30 min', results: 'what' }),
		of('B_1.NEF', { client: 'Ben', mixed: 'fail', minutes: 60, results: 'edited' }),
	];
	const groupBy = ofItem('client');

	test.each([continuing, errorOutput])('Upload photos: If Mixed, %j', async (settings) => {
		const options = { uploadIfMixed: ofPhoto('mixed') };
		const run = await studio.run([create(groupBy), upload({ settings, parameters: { options } })], items);
		expect(await studio.photoNames('Ben')).toEqual(['B_1.NEF']);
		expect(run.errors('Upload')).toEqual(["'If Mixed' is 'what', which is not one of the choices"]);
	});

	test.each<[string, Step]>([
		['Give Up After', shoot('', { settings: errorOutput, options: { groupBy, timeoutMinutes: ofItem('minutes') } })],
		['Results', shoot('', { settings: errorOutput, results: ofItem('results'), options: { groupBy } })],
	])('Edit shoot: %s', async (_label, step) => {
		const run = await studio.run([step], items);
		expect(run.json('Shoot').map(({ project_name }) => project_name)).toEqual(['Ben']);
		expect(run.json('Shoot', 1)).toHaveLength(1);
		expect(await studio.bill()).toMatchObject({ photos: 1 });
	});

	test.each([wait, download])('%p: Give Up After', async (step) => {
		const options = { timeoutMinutes: ofPhoto('minutes') };
		const steps = [create(groupBy), upload(), start(), step({ settings: errorOutput, options })];
		const run = await studio.run(steps, items);
		const { name } = step();
		expect(run.json(name).map(({ project_name }) => project_name)).toEqual(['Ben']);
		expect(run.json(name, 1)).toHaveLength(1);
	});
});

describe('a shoot that has only files that are skipped', () => {
	const items = [of('A_1.NEF', { folder: 'Anna' }), of('clip.MP4', { folder: 'Videos' })];
	const groupBy = ofItem('folder');

	test('ends the node with an error that names it', async () => {
		const run = await studio.run([shoot('', { options: { groupBy } })], items);
		expect(run.words).toContain("There are no photos to upload to 'Videos'");
		expect(await done()).toEqual(NOTHING);
	});

	test('is left out and listed, with Edit Without Failed Photos', async () => {
		const run = await studio.run([shoot('', { options: { groupBy, editWithoutFailed: true } })], items);
		expect(run.words).toBe('');
		expect(run.json('Shoot')).toMatchObject([{ project_name: 'Anna', skipped: [{ file_name: 'clip.MP4' }] }]);
		expect(hintsOf(run.result).join()).toContain("'clip.MP4'");
	});

	test('is an error item, with Continue', async () => {
		const run = await studio.run([shoot('', { settings: errorOutput, options: { groupBy } })], items);
		expect(run.json('Shoot')).toMatchObject([{ project_name: 'Anna' }]);
		expect(run.errors('Shoot')).toHaveLength(1);
	});

	test('is an error that names its project, by Upload photos; with Continue the other project gets its photos', async () => {
		const stopped = await studio.run([create(groupBy), upload()], items);
		expect(stopped.words).toContain("There are no photos to upload to project 'Videos'");
		await studio.run([create(groupBy), upload({ settings: continuing })], items);
		expect(await studio.photoNames('Anna')).toEqual(['A_1.NEF']);
	});
});
