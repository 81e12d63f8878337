/**
 * Brings 5,000 photos through real n8n while 5 % of all requests fail, and writes what came of it: `npm run soak`. The same
 * faults again: `npm run soak -- --seed 1`. Fewer photos, and no report, as CI does: `npm run soak -- --brief`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printStep } from '../../support/step.mts';
import { json, markdown, summary } from './soakReport.mts';
import { soak } from './soak.mts';

const { values } = parseArgs({ options: { brief: { type: 'boolean' }, seed: { type: 'string' } } });
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const size = values.brief
	? { projects: 4, photosPerProject: 100, atOnce: 4 }
	: { projects: 50, photosPerProject: 100, atOnce: 6 };

console.log(`Seed ${seed}`);
const findings = await soak({ seed, ...size, step: printStep });
console.log(summary(findings));
if (!values.brief) {
	const folder = join(import.meta.dirname, '..');
	await writeFile(join(folder, 'soak.md'), markdown(findings));
	await writeFile(join(folder, 'soak.json'), json(findings));
	console.log('Written: test/faults/soak.md and test/faults/soak.json');
}
process.exitCode = findings.problems.length === 0 ? 0 : 1;
