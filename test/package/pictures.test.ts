import { exists, readManifest, readText } from './project';

const repository = readManifest()
	.repository.url.replace(/^git\+/, '')
	.replace(/\.git$/, '');
const PICTURES = `${repository}/raw/main/`;

const pictures = [
	...readText('README.md').matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\bsrc="([^"]+)"/g),
].map(([, inMarkdown, inHtml]) => inMarkdown ?? inHtml);

test("npm's page shows the README's pictures, which are not in the package", () => {
	expect(repository).toMatch(/^https:\/\/github\.com\//);
	expect(pictures.filter((url) => !url.startsWith(PICTURES))).toEqual([]);
});

test('every picture of the README exists', () => {
	const files = pictures.map((url) => url.replace(PICTURES, ''));
	expect(files.length).toBeGreaterThan(0);
	expect(files.filter((file) => !exists(file))).toEqual([]);
});
