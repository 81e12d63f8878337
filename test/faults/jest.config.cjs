const { projects } = require('../../jest.config.cjs');

/** A cell of the matrix is a test. Each file has a sandbox of its own, so that they can run side by side. */
module.exports = {
	...projects[0],
	displayName: 'faults',
	rootDir: __dirname,
	testMatch: ['<rootDir>/cells/*.test.mts'],
	setupFilesAfterEnv: ['<rootDir>/quickTime.mts'],
	// Much of the time is waiting.
	maxWorkers: 4,
};
