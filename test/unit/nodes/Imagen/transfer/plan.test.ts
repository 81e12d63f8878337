import type { Photo } from '../../../../../nodes/Imagen/transfer/sources';
import { planUpload } from '../../../../../nodes/Imagen/transfer/plan';

const photos = (...fileNames: string[]): Photo[] =>
	fileNames.map((fileName, itemIndex) => ({
		itemIndex,
		field: 'data',
		fileName,
		originalFileName: fileName,
		bytes: 10,
		binary: { data: '', mimeType: '' },
	}));

const names = (plan: { photos: Photo[] }) => plan.photos.map(({ fileName }) => fileName);
const problems = ({ findings }: ReturnType<typeof planUpload>) =>
	findings.map(({ photo, problem }) => `${photo.itemIndex} ${problem}`);

test('valid photos of one kind are uploaded under their own names', () => {
	const raw = planUpload(photos('a.NEF', 'b.dng'), 'fail');
	expect(raw).toMatchObject({ imageType: 'RAW', findings: [] });
	expect(names(raw)).toEqual(['a.NEF', 'b.dng']);
	expect(planUpload(photos('a.jpg', 'b.JPEG'), 'fail')).toMatchObject({ imageType: 'JPG', findings: [] });
});

test('a file that Imagen would refuse is found by name and size', () => {
	const faulty = photos('a.NEF', 'b.png', 'c', '', 'e.NEF');
	faulty[4].bytes = 0;
	const plan = planUpload(faulty, 'fail');
	expect(problems(plan)).toEqual([
		'1 is a .png file, which Imagen does not edit',
		'2 has a name without an ending',
		'3 has no file name',
		'4 is empty (0 bytes)',
	]);
	expect(names(plan)).toEqual(['a.NEF']);
});

test.each(['fail', 'makeUnique'] as const)(
	'with RAW and JPEG in one project, no photo is uploaded (%s)',
	(ifNamesRepeat) => {
		const plan = planUpload(photos('a.NEF', 'b.jpg', 'c.jpg'), ifNamesRepeat);
		expect(problems(plan)).toEqual([
			'0 is RAW, in a project with 1 RAW and 2 JPEG photos',
			'1 is JPEG, in a project with 1 RAW and 2 JPEG photos',
			'2 is JPEG, in a project with 1 RAW and 2 JPEG photos',
		]);
		expect(names(plan)).toEqual([]);
	},
);

test('a file that cannot be edited does not make a project count as mixed', () => {
	expect(problems(planUpload(photos('a.NEF', 'b.xmp'), 'fail'))).toEqual([
		'1 is a .xmp file, which Imagen does not edit',
	]);
});

test('names that repeat, or whose results would, are found from the second one on', () => {
	const plan = planUpload(photos('a.NEF', 'b.NEF', 'A.nef', 'b.dng'), 'fail');
	expect(problems(plan)).toEqual([
		expect.stringContaining("2 has the name of another photo, 'a.NEF' of item 0"),
		expect.stringContaining("3 has the name of another photo, 'b.NEF' of item 1"),
	]);
	expect(names(plan)).toEqual(['a.NEF', 'b.NEF']);
});

test('Make Unique numbers repeated names instead, and remembers their own names', () => {
	const plan = planUpload(photos('a.NEF', 'a.NEF', 'a.dng'), 'makeUnique');
	expect(plan.findings).toEqual([]);
	expect(names(plan)).toEqual(['a.NEF', 'a-2.NEF', 'a-3.dng']);
	expect(plan.photos.map(({ originalFileName }) => originalFileName)).toEqual(['a.NEF', 'a.NEF', 'a.dng']);
});
