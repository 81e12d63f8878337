import { readRuntimeSources } from './project';

const sources = readRuntimeSources();

/** What each part of the node may import besides itself. */
const ARROWS: Record<string, string[]> = {
	errors: [],
	api: ['errors'],
	memory: ['api', 'errors'],
	transfer: ['api', 'errors'],
	matching: ['transfer', 'api', 'errors'],
	jobs: ['memory', 'transfer', 'api', 'errors'],
	callbacks: ['jobs', 'memory', 'api', 'errors'],
	methods: ['api', 'errors'],
	actions: ['jobs', 'callbacks', 'matching', 'transfer', 'memory', 'api', 'errors'],
	triggers: ['jobs', 'callbacks', 'transfer', 'memory', 'api', 'errors'],
};

/** The part of the node that a path belongs to; none for the node's own file. */
const partOf = (path: string) => /^nodes\/Imagen\/(\w+)\//.exec(`${path}/`)?.[1];

test("runtime code stands on n8n and on Node's crypto alone", () => {
	const packages = new Set(sources.flatMap((source) => source.packages));
	expect([...packages].filter((name) => !['n8n-workflow', 'crypto'].includes(name))).toEqual([]);
});

test('runtime code imports runtime code only', () => {
	const imported = sources.flatMap(({ files }) => files);
	expect(imported.filter((path) => !/^(nodes|credentials)\//.test(path))).toEqual([]);
});

test.each(Object.keys(ARROWS))('the folder %s imports only the folders below it', (part) => {
	const allowed = [part, ...ARROWS[part]];
	const wrong = sources
		.filter(({ path }) => partOf(path) === part)
		.flatMap(({ path, files }) => files.map((file) => ({ path, file })))
		.filter(({ file }) => !allowed.includes(partOf(file) ?? ''));
	expect(wrong).toEqual([]);
});

test('every folder of the node has its place in the order of imports', () => {
	const parts = new Set(sources.map(({ path }) => partOf(path)).filter((part) => part !== undefined));
	expect([...parts].sort()).toEqual(Object.keys(ARROWS).sort());
});
