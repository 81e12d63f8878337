const { projects } = require('../jest.config.cjs');

/** The tests share one n8n, and each waits for the real thing: minutes, not seconds. */
module.exports = {
	...projects[0],
	displayName: 'e2e',
	rootDir: __dirname,
	testMatch: ['<rootDir>/test/**/*.test.mts'],
	testTimeout: 120_000,
	maxWorkers: 1,
};
