import { listFiles, readText, readYaml } from './project';

/** What the documents say was run, and where the tests are set up to run. */

const core = namesIn(/const core = \[([^\]]+)\]/.exec(readText('test/e2e/jest.config.cjs'))?.[1] ?? '');
const releases = [
	...readText('test/support/n8n/recipes.mts').matchAll(/\bn8n: '([^']+)',\s+node: '(\d+\.\d+)/g),
];
const [pinned, ...older] = releases.map(([, n8n]) => n8n);
const suites = listFiles('test/e2e', '.test.mts').map((path) => /(\w+)\.test\.mts$/.exec(path)?.[1] ?? '');

test('every end-to-end suite has a row that says in which releases of n8n it runs', () => {
	const [head, , ...rows] = tableOf('docs/compatibility.md');
	expect(head.slice(1)).toEqual([pinned, ...older]);
	const told = Object.fromEntries(
		rows.map(([suite, ...cells]) => [namesIn(suite.replaceAll('`', "'"))[0], cells]),
	);
	const run = suites.map((suite) => [
		suite,
		['run', ...older.map(() => (core.includes(suite) ? 'run' : ''))],
	]);
	expect(told).toEqual(Object.fromEntries(run));
});

test('the README names every release of n8n that is tested, with its Node.js', () => {
	const [tested] = /Tested\]\([^)]+\) in n8n .+/.exec(readText('README.md')) ?? [''];
	// Each group of releases has its Node.js behind it, such as `2.8.4 and 1.123.81 (Node.js 20.20)`.
	const groups = [...tested.matchAll(/([^()]+)\(Node\.js ([\d.]+)\)/g)];
	const named = groups.flatMap(([, names, node]) =>
		[...names.matchAll(/\d+(?:\.\d+)+/g)].map(([n8n]) => [n8n, node]),
	);
	expect(named).toEqual(releases.map(([, n8n, node]) => [n8n, node]));
});

test('every change is tested in every release of n8n that the documents name', () => {
	const { jobs } = readYaml('.github/workflows/ci.yml') as {
		jobs: { 'end-to-end': { strategy: { matrix: { n8n: string[] } } } };
	};
	expect(jobs['end-to-end'].strategy.matrix.n8n).toEqual([pinned, ...older]);
});

function namesIn(text: string): string[] {
	return [...text.matchAll(/'([^']+)'/g)].map(([, name]) => name);
}

/** The cells of the first table of a document, row by row. */
function tableOf(path: string): string[][] {
	const [table] = /^\|.+\|\n(?:\|.+\|\n)+/m.exec(readText(path)) ?? [''];
	const lines = table.trim().split('\n');
	return lines.map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()),
	);
}
