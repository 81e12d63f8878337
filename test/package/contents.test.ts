import { listPackedFiles } from './project';

const BUILT = /^dist\/(nodes|credentials|icons)\/.+\.(js|json|svg)$/;

test('the package holds the built code, its texts and its license, and no tests or tools', () => {
	const files = listPackedFiles();
	expect(files).toEqual(expect.arrayContaining(['package.json', 'index.js', 'LICENSE.md']));
	const beside = files.filter((path) => !BUILT.test(path));
	expect(
		beside.filter((path) => !['package.json', 'index.js', 'LICENSE.md', 'README.md'].includes(path)),
	).toEqual([]);
	expect(files.filter((path) => /\btest\b|\bsandbox\b|\.map$/.test(path))).toEqual([]);
});
