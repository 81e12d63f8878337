import { unsetFields, type OwnerFields } from '../../release/owner';
import { OWNER, OwnersCopy, Registry, type Accounts, type Ran } from './ownersCopy';
import { readManifest } from './project';

const { name } = readManifest();

const PLACEHOLDERS: OwnerFields = {
	author: { name: 'Your name', email: 'you@example.com' },
	homepage: 'https://example.com',
	repository: { url: 'git+https://example.com/you/n8n-nodes-imagen-ai.git' },
};

const registry = new Registry();
let url: string;

beforeAll(async () => {
	url = await registry.open();
});

afterAll(async () => await registry.close());

/** Runs the check as an owner does, with what npm's registry says. */
async function check(owner: OwnerFields, accounts: Accounts): Promise<Ran> {
	registry.accounts = accounts;
	const copy = new OwnersCopy(owner);
	try {
		copy.useRegistry(url);
		return await copy.run('check');
	} finally {
		copy.remove();
	}
}

test('a release is stopped by a list of all that the owner has still to set', async () => {
	const { succeeded, output } = await check(PLACEHOLDERS, {});
	expect(succeeded).toBe(false);
	for (const field of ['author.name', 'author.email', 'repository.url', 'homepage', 'NPM_TOKEN'])
		expect(output).toContain(field);
}, 60_000);

test('a release is stopped while the name of the package belongs to somebody else at npm', async () => {
	const { succeeded, output } = await check(OWNER, { user: 'ana', owners: ['bea', 'cem'] });
	expect(succeeded).toBe(false);
	expect(output).toContain(`${name} belongs to bea, cem, and you are ana`);
}, 60_000);

test.each<[string, Accounts]>([
	['the first version, whose name is free', { user: 'ana' }],
	['a later version that an owner publishes', { user: 'ana', owners: ['bea', 'ana'] }],
])(
	'when everything is set, %s is released',
	async (_release, accounts) => {
		expect(await check(OWNER, accounts)).toEqual({ succeeded: true, output: '' });
	},
	60_000,
);

test('the release check asks for each field that is left as it was, and for no other', () => {
	expect(unsetFields(OWNER)).toEqual([]);
	for (const field of ['homepage', 'repository'] as const)
		expect(unsetFields({ ...OWNER, [field]: PLACEHOLDERS[field] })).toEqual([expect.stringContaining(field)]);
	const { author } = OWNER;
	for (const field of ['name', 'email'] as const) {
		const changed = { ...author, [field]: PLACEHOLDERS.author[field] };
		expect(unsetFields({ ...OWNER, author: changed })).toEqual([expect.stringContaining(`author.${field}`)]);
	}
});

test('only a repository on GitHub can be released: n8n verifies packages from there', () => {
	const unset = (address: string) => unsetFields({ ...OWNER, repository: { url: address } });
	expect(unset('https://github.com/silva-photos/imagen-nodes')).toEqual([]);
	expect(unset('git+https://github.com/silva-photos/imagen.nodes.git')).toEqual([]);
	expect(unset('git+https://gitlab.com/silva-photos/imagen-nodes.git')).toHaveLength(1);
	expect(unset('git+https://github.com/silva-photos')).toHaveLength(1);
});
