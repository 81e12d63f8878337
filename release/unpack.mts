import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Packs the package as it is built in the working directory, and unpacks it into `folder`. Returns where. */
export function packAndUnpack(folder: string): string {
	const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ filename }] = JSON.parse(packed) as Array<{ filename: string }>;
	execFileSync('tar', ['-xzf', filename], { cwd: folder });
	return join(folder, 'package');
}
