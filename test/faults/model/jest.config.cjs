const faults = require('../jest.config.cjs');

/** The histories are one test; `main.mts` says which of them to run. */
module.exports = {
	...faults,
	displayName: 'model',
	rootDir: __dirname,
	testMatch: ['<rootDir>/histories.test.mts'],
	setupFilesAfterEnv: ['<rootDir>/../quickTime.mts'],
	maxWorkers: 1,
};
