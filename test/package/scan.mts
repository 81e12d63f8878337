/**
 * Both legs of n8n's verification scan, on this checkout instead of a published version:
 * the sources as they are, and the package as `npm pack` makes it of the build in dist/.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

async function unpackInto(folder: string): Promise<string> {
	execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { stdio: 'ignore' });
	const [tarball] = await readdir(folder);
	execFileSync('tar', ['-xzf', tarball], { cwd: folder });
	return join(folder, 'package');
}

const folder = await mkdtemp(join(tmpdir(), 'package-scan-'));
try {
	report('sources', await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS));
	report('package', await analyzePackage(await unpackInto(folder), PACKAGE_FILE_PATTERNS));
} finally {
	await rm(folder, { recursive: true, force: true });
}
