import { OWNER, OwnersCopy } from './ownersCopy';
import { exists, readManifest, targetsOf } from './project';

const { version } = readManifest();
const PICTURES = `https://raw.githubusercontent.com/silva-photos/imagen-nodes/v${version}/`;
const FILES = `https://github.com/silva-photos/imagen-nodes/blob/v${version}/`;

const copy = new OwnersCopy(OWNER);

beforeAll(async () => {
	expect(await copy.run('pack')).toMatchObject({ succeeded: true });
}, 60_000);

afterAll(() => copy.remove());

test("on npm's page, the README's pictures and links lead to the files of the released version", () => {
	const inRepository = targetsOf(copy.read('README.md')).filter((target) => !/^(#|[a-z]+:)/.test(target));
	const onNpm = targetsOf(copy.readPacked('README.md'));
	const files = onNpm
		.filter((target) => target.startsWith(PICTURES) || target.startsWith(FILES))
		.map((target) => target.replace(PICTURES, '').replace(FILES, ''));
	expect(inRepository.length).toBeGreaterThan(0);
	expect(files).toEqual(inRepository);
	expect(files.filter((file) => !exists(file.split('#')[0]))).toEqual([]);
	expect(onNpm.filter((target) => !/^(#|https:)/.test(target))).toEqual([]);
});

test("npm's page shows the pictures themselves, not GitHub's pages about them", () => {
	const pictures = targetsOf(copy.readPacked('README.md')).filter((target) =>
		/\.(png|jpg|svg)$/.test(target),
	);
	expect(pictures.length).toBeGreaterThan(0);
	expect(pictures.filter((target) => !target.startsWith(PICTURES))).toEqual([]);
});

test('a release holds what npm packs of the repository, and leaves the repository as it is', () => {
	expect(copy.packedFiles().sort()).toEqual(
		['LICENSE.md', 'README.md', 'dist/built.js', 'index.js', 'package.json'].sort(),
	);
	expect(JSON.parse(copy.readPacked('package.json'))).toMatchObject(OWNER);
	expect(copy.read('README.md')).not.toContain('silva-photos');
});

test('nothing can be packed for npm as long as the repository is not set', async () => {
	const unset = new OwnersCopy({ ...OWNER, repository: { url: 'git+https://example.com/you/nodes.git' } });
	try {
		const { succeeded, output } = await unset.run('pack');
		expect(succeeded).toBe(false);
		expect(output).toContain('npm run release:check');
	} finally {
		unset.remove();
	}
}, 60_000);
