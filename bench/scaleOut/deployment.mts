import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printStep } from '../../test/support/step.mts';
import { startQueueServices } from '../../test/support/n8n/queue.mts';
import { openCallbackStudio, type CallbackStudio } from '../../test/support/callbackStudio.mts';
import { withUsageServer } from '../shared/processUsage.mts';

/** One way to run n8n, in which the same shoots are measured. */
export interface DeploymentOptions {
	name: string;
	workers: number;
	/** Where n8n keeps binary data. */
	binaries: 'database' | 'filesystem';
}

/** What executions have left in the database. */
export interface DatabaseUse {
	executions: number;
	/** Rows of all tables that grow with executions. */
	rows: number;
	/** Bytes on disk of the items of executions, and of binary data. */
	itemBytes: number;
	binaryBytes: number;
}

/** An n8n with PostgreSQL: one process, or a main process and workers behind a queue. */
export interface Deployment {
	studio: CallbackStudio;
	/** The sockets of the usage servers in n8n's processes, by the name of the process. */
	usageSockets: Record<string, string>;
	/** Deletes the binary data of ended executions. */
	emptyStorage(): Promise<void>;
	databaseUse(): Promise<DatabaseUse>;
	close(): Promise<void>;
}

export async function openDeployment({ workers, binaries }: DeploymentOptions): Promise<Deployment> {
	const endings: Array<() => Promise<unknown>> = [];
	const close = async () => {
		for (const end of endings.splice(0).reverse()) await end();
	};
	try {
		const folder = await mkdtemp(join(tmpdir(), 'imagen-scale-out-'));
		endings.push(() => rm(folder, { recursive: true, force: true }));
		const services = await startQueueServices(printStep);
		endings.push(services.close);
		const storage = join(folder, 'binaries');
		await mkdir(storage);
		const socketOf = (process: string) => join(folder, `${process}.sock`);

		const env = {
			...services.env,
			EXECUTIONS_MODE: workers > 0 ? 'queue' : 'regular',
			N8N_DEFAULT_BINARY_DATA_MODE: binaries,
			N8N_BINARY_DATA_STORAGE_PATH: storage,
			...withUsageServer(socketOf('main')),
		};
		const studio = await openCallbackStudio(env, { plainResults: true });
		endings.push(() => studio.close());
		const names = Array.from({ length: workers }, (_, index) => `worker ${index + 1}`);
		for (const name of names) await studio.addWorker(withUsageServer(socketOf(name)));

		return {
			studio,
			usageSockets: Object.fromEntries(['main', ...names].map((name) => [name, socketOf(name)])),
			async emptyStorage() {
				await rm(join(storage, 'workflows'), { recursive: true, force: true });
			},
			databaseUse: async () => await databaseUse(services.env),
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

const growingTables = ['execution_entity', 'execution_data', 'execution_metadata', 'binary_data'];

async function databaseUse(env: NodeJS.ProcessEnv): Promise<DatabaseUse> {
	const rows = growingTables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
	const [executions, ...figures] = await query(
		env,
		`SELECT (SELECT count(*) FROM execution_entity), ${rows},
			pg_total_relation_size('execution_data'), pg_total_relation_size('binary_data')`,
	);
	const [all, itemBytes, binaryBytes] = figures;
	return { executions, rows: all, itemBytes, binaryBytes };
}

async function query(env: NodeJS.ProcessEnv, sql: string): Promise<number[]> {
	const { DB_POSTGRESDB_HOST: host, DB_POSTGRESDB_PORT: port } = env;
	const { stdout } = await promisify(execFile)('psql', [
		...['--host', host!, '--port', port!, '--username', 'n8n', '--dbname', 'n8n'],
		...['--tuples-only', '--no-align', '--field-separator', ' ', '--command', sql],
	]);
	return stdout.trim().split(' ').map(Number);
}
