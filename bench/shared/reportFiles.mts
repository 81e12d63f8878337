import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../test/support/root.mts';

/** Writes a benchmark's report, and the figures it was made from as JSON (not kept in git), into `bench/`; shows the report, too. */
export async function writeReportFiles(name: string, report: string, figures: object): Promise<void> {
	await writeFile(join(root, 'bench', `${name}.md`), report);
	await writeFile(join(root, 'bench', `${name}.json`), JSON.stringify(figures, null, '\t') + '\n');
	console.log(report);
}
