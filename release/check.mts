/** Fails with a list of what the owner has still to set before a release: in package.json, and at npm. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

import { unsetFields, type OwnerFields } from './owner.ts';

function npm(...args: string[]): { succeeded: boolean; output: string; error: string } {
	const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
	return { succeeded: status === 0, output: stdout.trim(), error: stderr.trim() };
}

/** What keeps npm from taking the package from the account that publishes. */
function npmProblems(name: string): string[] {
	const account = npm('whoami');
	if (!account.succeeded) {
		return ['the account that publishes: the secret NPM_TOKEN on GitHub, or npm login on your own machine'];
	}
	const owners = npm('owner', 'ls', name);
	if (!owners.succeeded) {
		const isFree = owners.error.includes('E404');
		return isFree ? [] : [`try again: npm didn't say who owns ${name}.\n${owners.error}`];
	}
	// A line for each owner: name and email.
	const names = owners.output.split('\n').map((line) => line.split(' ')[0]);
	if (names.includes(account.output)) return [];
	return [
		`another name in package.json, or an owner's account: ${name} belongs to ${names.join(', ')}, and you are ${account.output}`,
	];
}

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as OwnerFields & { name: string };
const unset = [
	...unsetFields(manifest).map((text) => `package.json, ${text}`),
	...npmProblems(manifest.name).map((text) => `npm, ${text}`),
];
if (unset.length > 0) {
	console.error(
		[
			'This can\'t be released yet. Set these first (CONTRIBUTING.md, "Before the first release"):',
			...unset.map((text) => `- ${text}`),
		].join('\n'),
	);
	process.exitCode = 1;
}
