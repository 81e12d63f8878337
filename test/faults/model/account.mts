import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImagenApi } from '../../../credentials/ImagenApi.credentials.ts';
import { originOf, type ResultOrigin } from '../../../sandbox/results/plainResultRenderer.mts';
import { SandboxClient } from '../../../sandbox/sandboxClient.mts';
import type { SavedCredential } from '../../support/engine/index.ts';
import type { StrangerState } from './commands.mts';

/** What Imagen knows of a project. */
export interface ProjectFacts {
	uuid: string;
	account: 1 | 2;
	name: string;
	editStatus: string;
	exportStatus: string;
	/** How many photos have arrived in it. */
	photos: number;
	edits: number;
	exports: number;
	/** How far it had got when somebody else left it; undefined for a user's own. */
	stranger?: StrangerState;
	/** When somebody else created it. */
	strangerAt?: number;
}

/** A customer's account, in a sandbox of its own. */
export class Account {
	isUsed = false;
	readonly credential: SavedCredential;

	static async open(number: 1 | 2): Promise<Account> {
		const folder = await mkdtemp(join(tmpdir(), 'imagen-histories-'));
		const apiKey = `key-of-account-${number}`;
		const quick = { plainResults: true, editSeconds: 0, exportSeconds: 0 };
		return new Account(number, await SandboxClient.start({ apiKey, folder, ...quick }), folder);
	}

	private constructor(
		readonly number: 1 | 2,
		readonly client: SandboxClient,
		private readonly folder: string,
	) {
		const { apiKey, apiUrl } = client.sandbox;
		this.credential = { type: new ImagenApi(), data: { apiKey, environment: 'custom', customUrl: apiUrl } };
	}

	async close(): Promise<void> {
		await this.client.close();
		await rm(this.folder, { recursive: true });
	}

	async facts(): Promise<ProjectFacts[]> {
		if (!this.isUsed) return [];
		const [projects, billing] = await Promise.all([
			this.client.control.projects(),
			this.client.control.billing(),
		]);
		return projects.map((project, index) => ({
			uuid: project.project_uuid,
			account: this.number,
			name: project.name,
			editStatus: project.edit_status,
			exportStatus: project.export_status,
			photos: project.photos.filter(({ bytes }) => bytes !== null).length,
			edits: billing.projects[index].edits,
			exports: billing.projects[index].exports,
		}));
	}

	/** What the results that were ever made in a project were made from. */
	async origins(uuid: string): Promise<ResultOrigin[]> {
		const folder = join(this.folder, 'imagen', uuid, 'edited');
		const files = (await readdir(folder).catch(() => [])).filter((name) => /object$/.test(name));
		const results = await Promise.all(files.map(async (name) => await readFile(join(folder, name))));
		return results.map((bytes) => originOf(bytes)!);
	}
}
