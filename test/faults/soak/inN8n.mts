/**
 * Loaded into n8n before anything else: lets time run faster for the nodes, and leads some of their requests astray. n8n
 * itself, its timers and all that it does for the nodes are as they are.
 */
import { appendFileSync } from 'node:fs';
import Module from 'node:module';
import { Network } from '../misroute.mts';
import { SPEED } from './clock.mts';
import { misroutes } from './faultInjector.mts';

const { SOAK_SEED, SOAK_MISROUTED } = process.env;
const begin = Date.now();

class FastDate extends Date {
	static override now(): number {
		return begin + (Date.now() - begin) * SPEED;
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
	return compile.call(this, quickened(content, fileName), fileName, ...rest);
};

function quickened(content: string, fileName: string): string {
	// The limit of a parked wait is n8n's to keep.
	const isOfNodes =
		/n8n-nodes-imagen-ai\/dist\/nodes\//.test(fileName) && !fileName.includes('limitWaitTime');
	if (!isOfNodes) return content;
	const quick = `const Date = FastDate;${content}`;
	if (!fileName.endsWith('api/timeouts.js')) return quick;
	return `${quick}\nfor (const name of Object.keys(exports)) exports[name] /= ${SPEED};`;
}

if (SOAK_MISROUTED) {
	const choose = misroutes(Number(SOAK_SEED));
	await Network.open((call) => {
		const kind = choose(call);
		if (kind) appendFileSync(SOAK_MISROUTED, `${kind}\n`);
		return kind;
	});
}
