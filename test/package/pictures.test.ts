import { exists, readText, targetsOf } from './project';

test('every picture of the README is a file of the repository, named by its relative path', () => {
	const pictures = targetsOf(readText('README.md')).filter((target) =>
		/\.(png|jpe?g|svg|gif|webp)$/.test(target),
	);
	expect(pictures.length).toBeGreaterThan(0);
	expect(pictures.filter((path) => !exists(path))).toEqual([]);
});
