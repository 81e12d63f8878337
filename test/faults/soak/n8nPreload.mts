/**
 * Preloaded into n8n's process: makes time run faster for the nodes, and has some of their requests fail on the network. n8n
 * itself, its timers and its helpers are unchanged.
 */
import { appendFileSync } from 'node:fs';
import Module from 'node:module';
import { RequestRerouter } from '../requestRerouter.mts';
import { TIME_SCALE } from './timeScale.mts';
import { networkFaultsByChance } from './faultInjector.mts';

const { SOAK_SEED, SOAK_NETWORK_FAULTS } = process.env;
const begin = Date.now();

class FastDate extends Date {
	static override now(): number {
		return begin + (Date.now() - begin) * TIME_SCALE;
	}

	constructor(...values: unknown[]) {
		super(...((values.length > 0 ? values : [FastDate.now()]) as [number]));
	}
}

type Compile = (this: unknown, content: string, fileName: string, ...rest: unknown[]) => unknown;
const prototype = Module.prototype as unknown as { _compile: Compile };
const compile = prototype._compile;
Object.assign(globalThis, { FastDate });
prototype._compile = function (content, fileName, ...rest) {
	return compile.call(this, withFastTime(content, fileName), fileName, ...rest);
};

function withFastTime(content: string, fileName: string): string {
	// n8n itself enforces the limit of a paused execution, by its own clock.
	const isOfNodes =
		fileName.includes('n8n-nodes-imagen-ai/dist/nodes/') &&
		!/(giveUpAfter|callbacks.pausedExecution)\.js$/.test(fileName);
	if (!isOfNodes) return content;
	const fast = `const Date = FastDate;${content}`;
	if (!fileName.endsWith('api/limits.js')) return fast;
	return `${fast}\nfor (const name of Object.keys(exports)) if (name.endsWith('_TIMEOUT_MS')) exports[name] /= ${TIME_SCALE};`;
}

if (SOAK_NETWORK_FAULTS) {
	const choose = networkFaultsByChance(Number(SOAK_SEED));
	await RequestRerouter.open((call) => {
		const kind = choose(call);
		if (kind) appendFileSync(SOAK_NETWORK_FAULTS, `${kind}\n`);
		return kind;
	});
}
