import { listFiles, readManifest, readText, readYaml } from './project';

const { name, version, scripts } = readManifest();

interface Workflow {
	permissions: Record<string, string>;
	jobs: Record<string, { steps: Array<{ run?: string }> }>;
}

const workflows = listFiles('.github/workflows', '.yml');

/** All that the jobs of a workflow run. */
function commandsOf(path: string): string[] {
	const { jobs } = readYaml(path) as Workflow;
	return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
}

test('the changelog begins with the version of the package', () => {
	const [latest] = /^## .+$/m.exec(readText('CHANGELOG.md')) ?? [];
	expect(latest).toBe(`## ${version}`);
});

test.each(workflows)('the workflow %s calls only commands that the package has', (path) => {
	const commands = commandsOf(path);
	const called = commands.flatMap((command) => [...command.matchAll(/npm (?:run )?([\w:-]+)/g)]);
	const own = called.map(([, command]) => command).filter((command) => !['ci', 'publish'].includes(command));
	expect(own.length).toBeGreaterThan(0);
	expect(Object.keys(scripts)).toEqual(expect.arrayContaining(own));
});

test('every change is tested and scanned, and so is what is published', () => {
	for (const path of workflows) {
		expect(commandsOf(path)).toEqual(expect.arrayContaining(['npm test', 'npm run scan']));
	}
});

test('a version is published from its tag, and npm can tell where it came from', () => {
	const publish = '.github/workflows/publish.yml';
	expect(readYaml(publish)).toMatchObject({
		on: { push: { tags: ['v*'] } },
		permissions: { 'id-token': 'write' },
	});
	expect(commandsOf(publish).at(-1)).toMatch(/^npm publish .* --provenance /);
});

test('what is published was checked for what its owner has to set, and packed for npm', () => {
	const commands = commandsOf('.github/workflows/publish.yml');
	const [pack, publish] = commands.slice(-2);
	expect(commands.indexOf('npm run release:check')).toBeGreaterThan(-1);
	expect(commands.indexOf('npm run release:check')).toBeLessThan(commands.indexOf('npm test'));
	expect(pack).toBe('npm run release:pack');
	expect(publish).toContain(`./${name}-*.tgz`);
});

test.each(listFiles('.github/ISSUE_TEMPLATE', '.yml'))('the issue form %s can be filled in', (path) => {
	expect(readYaml(path)).toMatchObject({ name: expect.any(String), description: expect.any(String) });
});
