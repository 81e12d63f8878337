import { listFiles, readText } from './project';

/** Whose pages and servers the package names; every other address would have to be looked at first. */
const KNOWN_HOSTS = [
	'imagen-ai.com',
	'n8n.io',
	'registry.npmjs.org',
	'amazonaws.com',
	'api.dropboxapi.com',
	'graph.microsoft.com',
];
/** Nobody has these: they are for examples, and for this machine. */
const RESERVED_HOSTS = ['example.com', 'localhost', '127.0.0.1'];

const PLACES: Array<[folder: string, extension: string]> = [
	['.github', '.yml'],
	['credentials', '.ts'],
	['docs', '.md'],
	['nodes', '.json'],
	['nodes', '.ts'],
	['sandbox', '.md'],
	['templates', '.json'],
	['templates', '.md'],
];
const files = [
	'README.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	...PLACES.flatMap(([folder, extension]) => listFiles(folder, extension)),
];

/** The host of an address. One that goes on with a blank to fill in, such as `<owner>`, is a form and no address. */
const HOST = /https?:\/\/(\w[\w.-]*)(?![\w.-]|\/<)/g;

const isOf = (domains: string[]) => (host: string) =>
	domains.some((domain) => host === domain || host.endsWith(`.${domain}`));

test('the package names no address that does not exist: its own repository stands in package.json alone', () => {
	const named = files.flatMap((file) =>
		[...readText(file).matchAll(HOST)].map(([, host]) => ({ file, host: host.replace(/\.$/, '') })),
	);
	expect(named.length).toBeGreaterThan(10);
	const isKnown = isOf([...KNOWN_HOSTS, ...RESERVED_HOSTS]);
	expect(named.filter(({ host }) => !isKnown(host))).toEqual([]);
});
