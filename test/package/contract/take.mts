/** Puts what is new in the nodes and credentials into the contract. Refuses to drop or change what is in it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { brokenTerms, CONTRACT, contractNow, type Contract, type Side } from './contract.ts';

function print(contract: Contract): string {
	return `{\n${Object.entries(contract).map(printSide).join(',\n')}\n}\n`;
}

/** A line for each parameter. */
function printSide([name, { parameters, ...side }]: [string, Side]): string {
	return [
		`  "${name}": {`,
		...Object.entries(side).map(([key, value]) => `    "${key}": ${onOneLine(value)},`),
		'    "parameters": [',
		parameters.map((term) => `      ${onOneLine(term)}`).join(',\n'),
		'    ]',
		'  }',
	].join('\n');
}

const onOneLine = (value: unknown) => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');

const now = await contractNow();
const before = existsSync(CONTRACT) ? (JSON.parse(readFileSync(CONTRACT, 'utf8')) as Contract) : {};
const broken = brokenTerms(before, now);
if (broken.length > 0) {
	console.error(
		['Saved workflows rely on these. Keep them, or give the node a new version:', ...broken].join('\n'),
	);
	process.exitCode = 1;
} else {
	writeFileSync(CONTRACT, print(now));
}
