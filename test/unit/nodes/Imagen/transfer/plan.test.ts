import { planUpload, type PlanOptions } from '../../../../../nodes/Imagen/transfer/plan';
import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';
import { photoNamed } from '../../../../support/photoNamed';

const photos = (...fileNames: string[]): Photo[] =>
	fileNames.map((fileName, itemIndex) => photoNamed(fileName, { itemIndex, bytes: 10 }));

const plan = (fileNames: string[], options: Partial<PlanOptions> = {}, taken: string[] = []) =>
	planUpload(
		photos(...fileNames),
		{ ifMixed: 'fail', ifNamesRepeat: 'fail', ifNotPhoto: 'skip', ...options },
		{ taken },
	);

type Plan = ReturnType<typeof plan>;
const names = (planned: Plan) => planned.photos.map(({ fileName }) => fileName);
const messages = ({ findings }: Plan) => findings.map(({ message }) => message);
const skipped = (planned: Plan) =>
	planned.skipped.map(({ photo, reason }) => `${photo.fileName || photo.field}: ${reason}`);

const many = (length: number, extension: string) =>
	Array.from({ length }, (_, index) => `IMG_${index}.${extension}`);

test('valid photos of one kind are uploaded under their own names', () => {
	const raw = plan(['a.NEF', 'b.dng']);
	expect(raw).toMatchObject({ imageType: 'RAW', findings: [], skipped: [] });
	expect(names(raw)).toEqual(['a.NEF', 'b.dng']);
	expect(plan(['a.jpg', 'b.JPEG'])).toMatchObject({ imageType: 'JPG', findings: [] });
});

test('what lies beside photos on a card or in a shared folder is left out, with the reason', () => {
	const folder = ['IMG_1.NEF', '._IMG_1.NEF', '.DS_Store', 'Thumbs.db', 'IMG_1.xmp', 'clip.MP4', 'notes', ''];
	const planned = plan(folder);
	expect(names(planned)).toEqual(['IMG_1.NEF']);
	expect(planned.findings).toEqual([]);
	expect(skipped(planned)).toEqual([
		'._IMG_1.NEF: a hidden macOS file',
		'.DS_Store: a hidden file',
		'Thumbs.db: a .db file, which Imagen does not edit',
		'IMG_1.xmp: a .xmp file, which Imagen does not edit',
		'clip.MP4: a .mp4 file, which Imagen does not edit',
		'notes: a file without an extension',
		'data: a file without a name',
	]);
});

test('with If Not a Photo: Fail each of these files is named', () => {
	const planned = plan(['a.NEF', 'b.png', '._a.NEF'], { ifNotPhoto: 'fail' });
	expect(planned.skipped).toEqual([]);
	expect(messages(planned)).toEqual([
		"'b.png' is a .png file, which Imagen does not edit",
		"'._a.NEF' is a hidden macOS file",
	]);
});

describe('RAW and JPEG photos together', () => {
	test.each([
		[many(12, 'NEF'), many(12, 'jpg'), '12 RAW and 12 JPEG photos (12 pairs)'],
		[many(2, 'NEF'), many(1, 'jpg'), '2 RAW and 1 JPEG photos (1 pair)'],
		[many(1999, 'NEF'), ['IMG_x.JPG'], '1 JPEG among 1,999 RAW photos (IMG_x.JPG)'],
		[['a.NEF', 'b.NEF'], many(1500, 'jpg'), '2 RAW photos among 1,500 JPEGs (a.NEF, b.NEF)'],
		[many(150, 'NEF'), ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'], '150 RAW and 4 JPEG photos'],
	])('are counted in one line, the strays named (case %#)', (raw, jpeg, counts) => {
		for (const ifNamesRepeat of ['fail', 'makeUnique'] as const) {
			const planned = plan([...raw, ...jpeg], { ifNamesRepeat });
			expect(messages(planned)).toEqual([`${counts}, but a project takes one kind`]);
			expect(names(planned)).toEqual([]);
		}
	});

	test('are one kind with RAW Only or JPEG Only; the others are left out', () => {
		const folder = ['a.NEF', 'a.jpg', 'b.NEF', 'b.jpg'];
		const raw = plan(folder, { ifMixed: 'rawOnly' });
		expect([names(raw), raw.imageType, raw.findings]).toEqual([['a.NEF', 'b.NEF'], 'RAW', []]);
		expect(skipped(raw)).toEqual([
			"a.jpg: a JPEG photo, which 'If Mixed' leaves out",
			"b.jpg: a JPEG photo, which 'If Mixed' leaves out",
		]);
		expect(names(plan(folder, { ifMixed: 'jpegOnly' }))).toEqual(['a.jpg', 'b.jpg']);
	});
});

test('names that repeat, or whose results would, are found from the second one on', () => {
	const planned = plan(['a.NEF', 'b.NEF', 'A.nef', 'b.dng']);
	expect(messages(planned)).toEqual([
		expect.stringContaining("'A.nef' has the same name as another photo, 'a.NEF' of item 1"),
		expect.stringContaining("'b.dng' has the same name as another photo, 'b.NEF' of item 2"),
	]);
	expect(names(planned)).toEqual(['a.NEF', 'b.NEF']);
});

test('a photo of the same name in the same spelling is said by its item alone', () => {
	expect(messages(plan(['a.NEF', 'a.NEF']))).toEqual([
		expect.stringContaining("'a.NEF' has the same name as another photo, that of item 1, so"),
	]);
});

test('repeated names are found beside a mix of RAW and JPEG, of which a pair is no repeat', () => {
	const planned = plan(['a.NEF', 'a.jpg', 'b.NEF', 'b.NEF', 'c.jpg', 'C.JPEG']);
	expect(messages(planned)).toEqual([
		expect.stringContaining('a project takes one kind'),
		expect.stringContaining("'b.NEF' has the same name as another photo, that of item 3"),
		expect.stringContaining("'C.JPEG' has the same name as another photo, 'c.jpg' of item 5"),
	]);
});

test('a name that was uploaded before repeats as well', () => {
	expect(messages(plan(['a.NEF'], {}, ['a.NEF']))).toEqual([
		expect.stringContaining("'a.NEF' has the same name as another photo, one that was uploaded before, so"),
	]);
});

test('Make Unique numbers repeated names instead, and remembers their own names', () => {
	const planned = plan(['a.NEF', 'a.NEF', 'a.dng'], { ifNamesRepeat: 'makeUnique' });
	expect(planned.findings).toEqual([]);
	expect(names(planned)).toEqual(['a.NEF', 'a-2.NEF', 'a-3.dng']);
	expect(planned.photos.map(({ originalFileName }) => originalFileName)).toEqual(['a.NEF', 'a.NEF', 'a.dng']);
});
