import { exists, pathFrom, readJson, readYaml } from './project';

const COMPOSE = 'sandbox/docker/compose.yml';

interface Service {
	image: string;
	command?: string;
	network_mode?: string;
	volumes: string[];
}

const { services, volumes } = readYaml(COMPOSE) as {
	services: Record<'n8n' | 'package' | 'sandbox', Service>;
	volumes: object;
};

test('Docker starts the n8n that the end-to-end tests run', () => {
	const { dependencies } = readJson('test/support/n8n/package.json') as { dependencies: { n8n: string } };
	expect(services.n8n.image.split(':').at(-1)).toBe(dependencies.n8n);
});

test('Docker installs the package where n8n looks for it, and runs the sandbox where it was built', () => {
	const [home] = services.n8n.volumes;
	expect(home).toBe('n8n:/home/node/.n8n');
	const [sources, ...others] = services.package.volumes;
	expect(others).toEqual([...services.sandbox.volumes, home]);
	const [folder] = sources.split(':');
	expect(pathFrom(COMPOSE, folder)).toBe('.');
	expect(sources).toBe(`${folder}:/source:ro`);
	expect(Object.keys(volumes).sort()).toEqual(['n8n', 'work']);
	const [, script] = /^sh \/source\/(\S+)$/.exec(services.package.command ?? '') ?? [];
	expect(exists(script)).toBe(true);
});

test('Docker keeps the key to the sandbox within the network that n8n is on', () => {
	expect(services.sandbox.network_mode).toBe('service:n8n');
});
