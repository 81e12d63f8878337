import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What marks the signed part of a link and the token of a callback URL. */
const MARKS = ['Signature=', 'AWSAccessKeyId=', 'imagen_token='];

/** Which secrets are in what n8n keeps: the executions in its database, and its log. */
export async function secretsIn(userFolder: string, apiKey: string): Promise<string[]> {
	const folder = join(userFolder, '.n8n');
	const kept = (await readdir(folder))
		.filter((name) => name.startsWith('database.sqlite'))
		.map((name) => join(folder, name));
	const found: string[] = [];
	for (const file of [...kept, join(userFolder, 'n8n.log')]) {
		const bytes = await readFile(file);
		for (const secret of [apiKey, ...MARKS]) {
			if (bytes.includes(secret)) found.push(`${secret} in ${file.slice(userFolder.length + 1)}`);
		}
	}
	return found;
}
