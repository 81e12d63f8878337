import { readRuntimeSources, readText } from './project';

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
	/** Of the actions, a trigger shares fields of the panel and no more. */
	triggers: ['actions/shared', 'jobs', 'callbacks', 'matching', 'transfer', 'memory', 'api', 'errors'],
};

/** What a folder of the actions may import of the other folders of the actions, besides `shared` and `jobOperations`. */
const RESOURCES_OF_SHOOT = ['edit', 'project'];

/** The part of the node that a path belongs to; none for the node's own file. */
const partOf = (path: string) => /^nodes\/Imagen\/(\w+)\//.exec(`${path}/`)?.[1];

/** The folder of the actions that a path belongs to; none for other parts, and for the registry itself. */
const resourceOf = (path: string) => /^nodes\/Imagen\/actions\/(\w+)\//.exec(path)?.[1];

const isIn = (file: string, place: string) =>
	file === `nodes/Imagen/${place}` || file.startsWith(`nodes/Imagen/${place}/`);

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
		.filter(({ file }) => !allowed.some((place) => isIn(file, place)));
	expect(wrong).toEqual([]);
});

test('no resource of the actions imports another one, but Shoot, which is made of them', () => {
	const wrong = sources.flatMap(({ path, files }) => {
		const own = resourceOf(path);
		if (own === undefined) return [];
		const allowed = [own, 'shared', ...(own === 'shared' ? [] : ['jobOperations'])];
		if (own === 'shoot') allowed.push(...RESOURCES_OF_SHOOT);
		return files
			.filter((file) => isIn(file, 'actions') && !allowed.includes(resourceOf(file) ?? ''))
			.map((file) => ({ path, file }));
	});
	expect(wrong).toEqual([]);
});

test('only actions and triggers know what the panel looks like', () => {
	const withFields = sources
		.filter(({ path }) => /INodeProperties\b/.test(readText(path)))
		.map(({ path }) => path);
	const isPanel = (path: string) =>
		isIn(path, 'actions') || isIn(path, 'triggers') || /\.(node|credentials)\.ts$/.test(path);
	expect(withFields.filter((path) => !isPanel(path))).toEqual([]);
});

test('every folder of the node has its place in the order of imports', () => {
	const parts = new Set(sources.map(({ path }) => partOf(path)).filter((part) => part !== undefined));
	expect([...parts].sort()).toEqual(Object.keys(ARROWS).sort());
});
