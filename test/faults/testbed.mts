import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import nock from 'nock';
import { ImagenApi } from '../../credentials/ImagenApi.credentials.ts';
import type { Job } from '../../nodes/Imagen/api/endpoints.ts';
import type { EditingFlow } from '../../nodes/Imagen/api/projectRef.ts';
import { SandboxClient } from '../../sandbox/sandboxClient.mts';
import type { InputItem, SavedCredential } from '../support/engine/index.ts';
import { photo } from '../support/engine/index.ts';
import { NetworkFaults } from './networkFaults.mts';

/** The key that nobody but the API may see. */
export const API_KEY = 'key-that-stays-home';

/** What the items call a project. */
export const PROJECT_NAME = 'Shoot';

/** A project in the sandbox with its photos as n8n has them, and what came of them. */
export interface Shoot {
	uuid: string;
	editingFlow: EditingFlow;
	photos: Map<string, Buffer>;
	/** The result files of a job as the sandbox made them, by name. */
	results: Partial<Record<Job, Map<string, Buffer>>>;
}

/** A sandbox, a network to it in which faults can be injected, and an account with shoots in any state. */
export class Testbed {
	readonly credential: SavedCredential;
	readonly #finished = new Map<string, Promise<Shoot>>();

	static async open(): Promise<Testbed> {
		// Requests go over a real connection: nock may not intercept them.
		nock.restore();
		const folder = await mkdtemp(join(tmpdir(), 'imagen-faults-'));
		const quick = { plainResults: true, editSeconds: 0, exportSeconds: 0 };
		const client = await SandboxClient.start({ apiKey: API_KEY, folder, ...quick });
		return new Testbed(client, await NetworkFaults.open(), folder);
	}

	private constructor(
		readonly client: SandboxClient,
		readonly network: NetworkFaults,
		private readonly folder: string,
	) {
		const { apiUrl } = client.sandbox;
		this.credential = {
			type: new ImagenApi(),
			data: { apiKey: API_KEY, environment: 'custom', customUrl: apiUrl },
		};
	}

	get control() {
		return this.client.control;
	}

	async close(): Promise<void> {
		this.network.close();
		await this.client.close();
		await rm(this.folder, { recursive: true });
	}

	/** Empties the account, so that no earlier edit is in the way. */
	async clear(): Promise<void> {
		await this.control.reset();
		this.#finished.clear();
	}

	/** A new, empty project, and the photos that are to be uploaded to it. */
	async emptyShoot(photos: number, editingFlow: EditingFlow): Promise<Shoot> {
		const uuid = editingFlow === 'I2I' ? await this.client.createSmart() : await this.client.create();
		return { uuid, editingFlow, photos: newPhotos(photos), results: {} };
	}

	async uploadedShoot(count: number, editingFlow: EditingFlow): Promise<Shoot> {
		const photos = newPhotos(count);
		const files = Object.fromEntries(photos);
		const uuid =
			editingFlow === 'I2I'
				? await this.client.smartProjectWith(files)
				: await this.client.projectWith(files);
		return { uuid, editingFlow, photos, results: {} };
	}

	async editedShoot(photos: number): Promise<Shoot> {
		const shoot = await this.uploadedShoot(photos, 'REGULAR');
		await this.client.edit(shoot.uuid);
		return shoot;
	}

	/** A shoot that is edited and, in a flow with exports, exported. Shared by all cells that only read from it. */
	async finishedShoot(photos: number, editingFlow: EditingFlow): Promise<Shoot> {
		const key = `${editingFlow} ${photos}`;
		const shoot = this.#finished.get(key) ?? this.#finish(photos, editingFlow);
		this.#finished.set(key, shoot);
		return await shoot;
	}

	async #finish(photos: number, editingFlow: EditingFlow): Promise<Shoot> {
		const { client } = this;
		if (editingFlow === 'I2I') {
			const shoot = await this.uploadedShoot(photos, editingFlow);
			await client.smartEdit(shoot.uuid);
			return { ...shoot, results: { edit: await client.downloadSmart(shoot.uuid) } };
		}
		const shoot = await this.editedShoot(photos);
		const { uuid } = shoot;
		await client.export(uuid);
		const results = { edit: await client.download(uuid), export: await client.download(uuid, 'export') };
		return { ...shoot, results };
	}

	/** Waits until the edit of the only project has ended. Counts looks, because the clock of this process runs ahead. */
	async editEnds(): Promise<void> {
		for (let look = 0; look < 1500; look++) {
			if ((await this.control.projects())[0].edit_status === 'Completed') return;
			await sleep(20);
		}
	}

	/** The result files of a shoot as they are now, of edit and export together. */
	async results({ uuid }: Shoot): Promise<Map<string, Buffer>> {
		const [project] = (await this.control.projects()).filter(({ project_uuid }) => project_uuid === uuid);
		const isDone = (status: string) => status === 'Completed';
		return new Map([
			...(isDone(project.edit_status) ? await this.client.download(uuid) : []),
			...(isDone(project.export_status) ? await this.client.download(uuid, 'export') : []),
		]);
	}

	/** The names of the photos that have reached the sandbox byte for byte. */
	async uploadedNames({ uuid, photos }: Shoot): Promise<Set<string>> {
		const folder = join(this.folder, 'imagen', uuid, 'photos');
		const files = (await readdir(folder).catch(() => [])).filter((name) => /object$/.test(name));
		const there = new Set<string>();
		for (const file of files) there.add(digest(await readFile(join(folder, file))));
		return new Set([...photos].filter(([, bytes]) => there.has(digest(bytes))).map(([name]) => name));
	}
}

/** One item for each photo of a shoot. */
export function itemsOf({ uuid, editingFlow, photos }: Shoot): InputItem[] {
	// As of the nodes before, which tell the name: no request is made for it.
	const json = {
		project_uuid: uuid,
		project_name: PROJECT_NAME,
		...(editingFlow === 'I2I' && { project_source: editingFlow }),
	};
	return [...photos].map(([fileName, bytes]) => photo(fileName, bytes, json));
}

/** What a RAW file begins with: chance alone could make it look like another kind of file. */
const TIFF_HEAD = Buffer.from('II*\0\x08\0\0\0', 'latin1');

/** Photos with random bytes: no two shoots have one in common. */
export function newPhotos(count: number): Map<string, Buffer> {
	return new Map(
		Array.from({ length: count }, (_, index) => [
			`IMG_${String(index + 1).padStart(4, '0')}.NEF`,
			Buffer.concat([TIFF_HEAD, randomBytes(3000 + index)]),
		]),
	);
}

const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
