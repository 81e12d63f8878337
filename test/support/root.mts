import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's root, looked for upwards from the working directory. */
export const root = findRoot(process.cwd());

/** Small files from real cameras. */
export const cameraFiles = join(root, 'test', 'support', 'photos');

function findRoot(folder: string): string {
	if (existsSync(join(folder, 'test', 'support', 'n8n', 'package.json'))) return folder;
	if (dirname(folder) === folder) throw new Error('Run this from inside the repository.');
	return findRoot(dirname(folder));
}
