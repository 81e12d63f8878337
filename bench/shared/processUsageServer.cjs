/**
 * Measures the process that it is loaded into (`node --require`): n8n, or a client that n8n is compared with. Commands come
 * over the local socket that BENCH_USAGE_SOCKET names; processes that this one starts do not inherit the variable.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const socket = process.env.BENCH_USAGE_SOCKET;
delete process.env.BENCH_USAGE_SOCKET;

const RESOLUTION_MS = 10;

if (socket) {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc');
	let begun;

	const begin = () => {
		collectGarbage();
		// Resets the kernel's record of the most memory (VmHWM) to what is in use now.
		writeFileSync('/proc/self/clear_refs', '5');
		const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
		delay.enable();
		begun = { delay, cpu: process.cpuUsage(), at: performance.now(), mebibytes: mebibytesOf('VmRSS') };
		return {};
	};

	const end = () => {
		const { delay, cpu, at, mebibytes } = begun;
		delay.disable();
		const { user, system } = process.cpuUsage(cpu);
		return {
			seconds: (performance.now() - at) / 1000,
			cpuSeconds: (user + system) / 1e6,
			mebibytesBefore: mebibytes,
			mebibytesMost: mebibytesOf('VmHWM'),
			// The histogram holds the time between two samples, which includes the resolution itself.
			loopDelayP99Ms: Math.max(delay.percentile(99) / 1e6 - RESOLUTION_MS, 0),
		};
	};

	const held = () => {
		collectGarbage();
		return { mebibytes: mebibytesOf('VmRSS'), heapMebibytes: process.memoryUsage().heapUsed / 2 ** 20 };
	};

	/** Runs a client within this process. */
	const transfer = async ({ module, order }) => {
		const client = await import(module);
		await client.transfer(order);
		return {};
	};

	const answers = { '/begin': begin, '/end': end, '/held': held, '/transfer': transfer };
	createServer(async (request, response) => {
		const answer = async () => answers[request.url](JSON.parse(await text(request)));
		response.end(JSON.stringify(await answer().catch(({ stack }) => ({ error: stack }))));
	})
		.listen(socket)
		.unref();
}

function mebibytesOf(key) {
	const [, kibibytes] = new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'));
	return Number(kibibytes) / 1024;
}
