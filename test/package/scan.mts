/**
 * Both legs of n8n's verification scan, on this checkout instead of a published version:
 * the sources as they are, and the package as `npm pack` makes it of the build in dist/.
 * Then what the scan does not look at: whether the package is whole, and whether n8n Cloud may take it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packAndUnpack } from '../../release/unpack.mts';

interface Verdict {
	passed: boolean;
	message?: string;
	details?: string;
}

interface Scanner {
	analyzePackage(folder: string, filePatterns: string[]): Promise<Verdict>;
	SOURCE_FILE_PATTERNS: string[];
}

// The scanner's command line takes published packages only, and its functions come without types.
const SCANNER: string = '@n8n/scan-community-package/scanner/scanner.mjs';
const PACKAGE_FILE_PATTERNS = ['**/*.js', 'package.json'];
const { analyzePackage, SOURCE_FILE_PATTERNS } = (await import(SCANNER)) as Scanner;

function report(leg: string, { passed, message = '', details = '' }: Verdict): void {
	console.log(`${passed ? 'passed' : 'FAILED'}  ${leg}`);
	if (passed) return;
	console.log([message, details].join('\n'));
	process.exitCode = 1;
}

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
}

/** Whether all that package.json announces to n8n is in the package, each node with its codex file. */
async function findMissing(packageFolder: string): Promise<Verdict> {
	const { n8n } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as Manifest;
	const announced = [
		...n8n.nodes,
		...n8n.credentials,
		...n8n.nodes.map((node) => node.replace(/\.js$/, '.json')),
	];
	const missing = announced.filter((path) => !existsSync(join(packageFolder, path)));
	return { passed: missing.length === 0, message: 'Not in the package:', details: missing.join('\n') };
}

/** n8n's own command tells its verdict in words only. */
function askForCloudSupport(): Verdict {
	const details = execFileSync('npx', ['n8n-node', 'cloud-support'], { encoding: 'utf8' });
	return { passed: details.includes('ENABLED'), details };
}

const folder = await mkdtemp(join(tmpdir(), 'package-scan-'));
try {
	report('sources', await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS));
	const packageFolder = packAndUnpack(folder);
	report('package', await analyzePackage(packageFolder, PACKAGE_FILE_PATTERNS));
	report('nothing missing', await findMissing(packageFolder));
	report('cloud support', askForCloudSupport());
} finally {
	await rm(folder, { recursive: true, force: true });
}
