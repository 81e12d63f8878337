/**
 * Loads a package's nodes and credentials as n8n does when it starts, in a process of its own with n8n-workflow in memory
 * already. Prints the milliseconds it took and the bytes it holds. Run by `node --expose-gc measureLoad.cjs <package folder>`.
 */
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');
const { performance } = require('node:perf_hooks');

const folder = resolve(process.argv[2]);
const { n8n } = require(join(folder, 'package.json'));
// The copy that the package finds, not that of this repository.
createRequire(join(folder, 'package.json'))('n8n-workflow');

const memoryAfterGc = () => {
	globalThis.gc();
	const { rss, heapUsed } = process.memoryUsage();
	return { rss, heapUsed };
};
const before = memoryAfterGc();
const started = performance.now();
const loaded = [...n8n.nodes, ...n8n.credentials].flatMap((file) =>
	Object.values(require(join(folder, file))).map((Type) => new Type()),
);
const milliseconds = performance.now() - started;
const after = memoryAfterGc();
console.log(
	JSON.stringify({
		types: loaded.length,
		milliseconds,
		heapBytes: after.heapUsed - before.heapUsed,
		residentBytes: after.rss - before.rss,
	}),
);
