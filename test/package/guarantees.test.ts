import { anchorsOf, exists, pathFrom, readText } from './project';

const GUARANTEES = 'docs/guarantees.md';

interface Guarantee {
	heading: string;
	/** The files that keep it. */
	keepers: string[];
	/** The tests that fail when it is broken. */
	tests: Array<{ file: string; titles: string[] }>;
}

const text = readText(GUARANTEES);
const guarantees = text.split(/^### /m).slice(1).map(readGuarantee);

test.each(guarantees)(
	'the guarantee "$heading" names the files that keep it and its tests',
	({ keepers, tests }) => {
		expect(keepers).not.toEqual([]);
		expect(tests).not.toEqual([]);
		const files = [...keepers, ...tests.map(({ file }) => file)];
		expect(files.filter((file) => !exists(file))).toEqual([]);
		expect(tests.filter(({ titles }) => titles.length === 0)).toEqual([]);
	},
);

test('every test that a guarantee names stands in its file under this title', () => {
	const named = guarantees.flatMap(({ tests }) =>
		tests.flatMap(({ file, titles }) => titles.map((title) => ({ file, title }))),
	);
	expect(named.length).toBeGreaterThan(60);
	expect(named.filter(({ file, title }) => !holdsTitle(readText(file), title))).toEqual([]);
});

test('every promise at the top of the README links to its guarantee', () => {
	const [top] = readText('README.md').split(/^## /m);
	const promises = entriesOf(top);
	expect(promises).toHaveLength(4);
	expect(promises.filter((promise) => !leadsToGuarantee(promise))).toEqual([]);
});

test('every entry of the lists and tables of SECURITY.md links to its guarantee', () => {
	const security = readText('SECURITY.md');
	const rows = security.match(/^\| (?!Who +\||-).+$/gm) ?? [];
	const entries = [...rows, ...entriesOf(security)];
	expect(entries.length).toBeGreaterThan(10);
	expect(entries.filter((entry) => !leadsToGuarantee(entry))).toEqual([]);
});

function readGuarantee(section: string): Guarantee {
	const entries = entriesOf(section);
	const filesIn = (entry: string) =>
		[...entry.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => pathFrom(GUARANTEES, link));
	return {
		heading: section.split('\n')[0],
		keepers: entries.filter((entry) => entry.startsWith('- Kept by ')).flatMap(filesIn),
		tests: entries
			.filter((entry) => entry.startsWith('- Test in '))
			.map((entry) => ({
				file: filesIn(entry)[0],
				titles: [...entry.matchAll(/`([^`]+)`/g)].map(([, title]) => title),
			})),
	};
}

/** The entries of the lists in a text, each with the lines that it goes on over. */
function entriesOf(markdown: string): string[] {
	return markdown.match(/^- .+\n(?: {2}.+\n)*/gm) ?? [];
}

/** Whether the title stands in the source as the whole of a string. */
function holdsTitle(source: string, title: string): boolean {
	return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
}

/** Whether it has links to guarantees, and all of these are there. */
function leadsToGuarantee(entry: string): boolean {
	const anchors = [...entry.matchAll(/\]\(docs\/guarantees\.md#([^)]+)\)/g)].map(([, anchor]) => anchor);
	return anchors.length > 0 && anchors.every((anchor) => anchorsOf(text).includes(anchor));
}
