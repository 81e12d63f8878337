/** All projects run TypeScript through swc; types are checked by `npm run typecheck`. */
const transform = {
	'\\.m?ts$': [
		'@swc/jest',
		{
			jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
			module: { type: 'commonjs' },
		},
	],
};

const shared = {
	transform,
	moduleFileExtensions: ['ts', 'mts', 'js', 'cjs', 'mjs', 'json', 'node'],
	testEnvironment: 'node',
	restoreMocks: true,
};

module.exports = {
	projects: [
		{
			...shared,
			displayName: 'nodes',
			testMatch: ['<rootDir>/test/**/*.test.ts'],
			// The nodes' pauses are over at once.
			setupFilesAfterEnv: ['<rootDir>/test/support/clock.ts'],
		},
		{
			...shared,
			displayName: 'sandbox',
			testMatch: ['<rootDir>/sandbox/test/**/*.test.mts'],
			setupFilesAfterEnv: ['<rootDir>/sandbox/test/helpers/timeLimit.mts'],
		},
		{
			...shared,
			displayName: 'cases',
			testMatch: ['<rootDir>/test/cases/*.test.mts', '<rootDir>/test/package/schemas/*.test.mts'],
			// The nodes' pauses are over at once, and the sandbox's time goes by with them.
			setupFilesAfterEnv: ['<rootDir>/test/cases/quickerTime.mts'],
		},
	],
};
