import { anchorsOf, exists, listFiles, pathFrom, readRuntimeSources, readText } from './project';

const DOCUMENTS = [
	'README.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	...['docs', 'sandbox', 'templates', 'bench', 'test'].flatMap((folder) => listFiles(folder, '.md')),
];
const TROUBLESHOOTING = 'docs/troubleshooting.md';

test.each(DOCUMENTS)('the links of %s lead somewhere', (document) => {
	const links = [...readText(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
	const broken = links
		.filter((link) => !/^[a-z]+:/.test(link))
		.filter((link) => !leadsSomewhere(document, link));
	expect(broken).toEqual([]);
});

test('the README can be read in five minutes: it has 1,200 words at most', () => {
	const words = readText('README.md').trim().split(/\s+/);
	expect(words.length).toBeLessThanOrEqual(1200);
});

test('the README leads to every page of the documentation', () => {
	const readme = readText('README.md');
	const pages = listFiles('docs', '.md').filter((page) => !readme.includes(`](${page})`));
	expect(pages).toEqual([]);
});

test('the messages that are explained are those that the nodes give', () => {
	const sources = readRuntimeSources()
		.map(({ path }) => readText(path))
		.join('\n');
	const headings = readText(TROUBLESHOOTING).match(/^### .+$/gm) ?? [];
	const messages = headings.flatMap((heading) => [...heading.matchAll(/`([^`]+)`/g)].map(([, text]) => text));
	expect(messages.length).toBeGreaterThan(15);
	const parts = messages.flatMap((message) => message.split('…').map((part) => part.trim()));
	expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
});

test('the figures of speed in the documentation are those of the report', () => {
	const [summary] = readText('bench/throughput.md').split('\n## ');
	const measured = tablesOf(`${summary}\n`);
	expect(measured).not.toEqual([]);
	const shown = tablesOf(readText('docs/speed.md'));
	for (const table of measured) expect(shown).toContainEqual(table);
});

test('the figures of large shoots in the documentation are those of the report', () => {
	const [table] = tablesOf(readText('bench/large-shoots.md'));
	expect(tablesOf(readText('docs/large-shoots.md'))).toContainEqual(table);
});

/** The cells of each table, line by line. */
function tablesOf(text: string): string[][][] {
	const tables = text.match(/(?:^\|.*\n)+/gm) ?? [];
	return tables.map((table) =>
		table
			.trim()
			.split('\n')
			.map((line) => line.split('|').map((cell) => cell.trim().replace(/^-+$/, '-'))),
	);
}

/** Whether the file is there and, after `#`, its heading. */
function leadsSomewhere(document: string, link: string): boolean {
	const [path, anchor] = link.split('#');
	const file = path === '' ? document : pathFrom(document, path);
	if (!exists(file)) return false;
	return anchor === undefined || anchorsOf(readText(file)).includes(anchor);
}
