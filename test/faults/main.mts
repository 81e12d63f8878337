/**
 * Runs the fault matrix and writes what came of it: `npm run faults` for all of it, `npm run faults -- --brief` for one photo
 * only and without a report, as CI does. Other arguments go to Jest: `npm run faults -- -t 'put meets "503"'`.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { markdown, summary, type Row } from './matrixReport.mts';

const folder = import.meta.dirname;
const given = process.argv.slice(2);
const isBrief = given.includes('--brief');
const toJest = isBrief ? ['-t', '1 photo$', ...given.filter((argument) => argument !== '--brief')] : given;

const rowsFolder = await mkdtemp(join(tmpdir(), 'imagen-faults-'));
try {
	const status = await jest(toJest);
	const rows = await readRows();
	const table = new Table({ head: ['Group', 'Cells', 'As expected', 'Requests that met the fault'] });
	table.push(...summary(rows));
	console.log(table.toString());
	if (given.length === 0) {
		await writeFile(join(folder, 'report.md'), markdown(rows));
		await writeFile(join(folder, 'report.json'), JSON.stringify(rows, null, '\t'));
		console.log('Written: test/faults/report.md and test/faults/report.json');
	}
	process.exitCode = status;
} finally {
	await rm(rowsFolder, { recursive: true });
}

async function jest(more: string[]): Promise<number> {
	const args = ['jest', '--config', join(folder, 'jest.config.cjs'), ...more];
	const child = spawn('npx', args, { stdio: 'inherit', env: { ...process.env, FAULTS_ROWS: rowsFolder } });
	return await new Promise((resolve, reject) => {
		child.once('error', reject).once('exit', (code) => resolve(code ?? 1));
	});
}

async function readRows(): Promise<Row[]> {
	const files = await readdir(rowsFolder);
	const texts = await Promise.all(files.map(async (file) => await readFile(join(rowsFolder, file), 'utf8')));
	return texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line) as Row);
}
