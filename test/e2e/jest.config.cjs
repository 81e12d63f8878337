const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { projects } = require('../../jest.config.cjs');
const { dependencies } = require('../support/n8n/package.json');

/** What runs in every release. The rest, such as the panel in a browser, runs in the pinned one only. */
const core = [
	'demo',
	'paidOnce',
	'waiting',
	'triggers',
	'templates',
	'neighbours',
	'smartEditing',
	'folder',
	'links',
	'retouch',
];

/** The pinned release, or those that are asked for. */
const releases = process.env.N8N_E2E_RELEASES?.split(',') ?? [dependencies.n8n];

const esModules = '/node_modules/(get-port|milliparsec)/.+\\.js$';

/** The first suite packs the package into it, for all of them. */
const packedFolder = mkdtempSync(join(tmpdir(), 'n8n-nodes-imagen-ai-packed-'));
process.on('exit', () => rmSync(packedFolder, { recursive: true, force: true }));

/** The tests share one machine, and each waits for the real thing: minutes, not seconds. */
module.exports = {
	maxWorkers: 1,
	testTimeout: 120_000,
	projects: releases.map((release) => ({
		...projects[0],
		displayName: `n8n ${release}`,
		rootDir: __dirname,
		// Here the nodes run inside n8n.
		setupFilesAfterEnv: [],
		// mockttp needs these packages, which are ES modules only.
		transform: { ...projects[0].transform, [esModules]: projects[0].transform['\\.m?ts$'] },
		transformIgnorePatterns: [`/node_modules/(?!(get-port|milliparsec)/)`],
		testMatch: (release === dependencies.n8n ? ['*'] : core).map((name) => `<rootDir>/${name}.test.mts`),
		globals: { n8nRelease: release, packedFolder },
	})),
};
