import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import nock from 'nock';
import { ImagenApi } from '../../credentials/ImagenApi.credentials.ts';
import type { Job } from '../../nodes/Imagen/api/endpoints.ts';
import type { EditingFlow } from '../../nodes/Imagen/api/projectRef.ts';
import { Studio as Customer } from '../../sandbox/test/helpers/studio.mts';
import type { InputItem, SavedCredential } from '../support/engine/index.ts';
import { photo } from '../support/engine/index.ts';
import { Disturbance } from './disturbance.mts';

/** What must be seen by nobody but the API. */
export const API_KEY = 'key-that-stays-home';

/** A project in the sandbox with its photos as n8n has them, and what came of them. */
export interface Shoot {
	uuid: string;
	source: EditingFlow;
	photos: Map<string, Buffer>;
	/** The result files of a job as the sandbox made them, by name. */
	results: Partial<Record<Job, Map<string, Buffer>>>;
}

/** A sandbox, a network to it that can be disturbed, and an account with shoots in any state. */
export class Studio {
	readonly credential: SavedCredential;
	readonly #finished = new Map<string, Promise<Shoot>>();

	static async open(): Promise<Studio> {
		// The wire is real here: nothing may stand in between.
		nock.restore();
		const folder = await mkdtemp(join(tmpdir(), 'imagen-faults-'));
		const quick = { plainResults: true, editSeconds: 0, exportSeconds: 0 };
		const customer = await Customer.open({ apiKey: API_KEY, folder, ...quick });
		return new Studio(customer, await Disturbance.open(), folder);
	}

	private constructor(
		readonly customer: Customer,
		readonly network: Disturbance,
		private readonly folder: string,
	) {
		const { apiUrl } = customer.sandbox;
		this.credential = {
			type: new ImagenApi(),
			data: { apiKey: API_KEY, environment: 'custom', customUrl: apiUrl },
		};
	}

	get control() {
		return this.customer.control;
	}

	async close(): Promise<void> {
		this.network.close();
		await this.customer.close();
		await rm(this.folder, { recursive: true });
	}

	/** Empties the account, so that no edit of before is in the way. */
	async clear(): Promise<void> {
		await this.control.reset();
		this.#finished.clear();
	}

	/** A project of its own, with nothing in it but the promise of photos. */
	async emptyShoot(photos: number, source: EditingFlow): Promise<Shoot> {
		const uuid = source === 'I2I' ? await this.customer.createSmart() : await this.customer.create();
		return { uuid, source, photos: newPhotos(photos), results: {} };
	}

	async uploadedShoot(count: number, source: EditingFlow): Promise<Shoot> {
		const photos = newPhotos(count);
		const files = Object.fromEntries(photos);
		const uuid =
			source === 'I2I' ? await this.customer.smartProjectWith(files) : await this.customer.projectWith(files);
		return { uuid, source, photos, results: {} };
	}

	async editedShoot(photos: number): Promise<Shoot> {
		const shoot = await this.uploadedShoot(photos, 'REGULAR');
		await this.customer.edit(shoot.uuid);
		return shoot;
	}

	/** A shoot that is edited and, where there are exports, exported; the same one for all who only read. */
	async finishedShoot(photos: number, source: EditingFlow): Promise<Shoot> {
		const key = `${source} ${photos}`;
		const shoot = this.#finished.get(key) ?? this.#finish(photos, source);
		this.#finished.set(key, shoot);
		return await shoot;
	}

	async #finish(photos: number, source: EditingFlow): Promise<Shoot> {
		const { customer } = this;
		if (source === 'I2I') {
			const shoot = await this.uploadedShoot(photos, source);
			await customer.smartEdit(shoot.uuid);
			return { ...shoot, results: { edit: await customer.downloadSmart(shoot.uuid) } };
		}
		const shoot = await this.editedShoot(photos);
		const { uuid } = shoot;
		await customer.export(uuid);
		const results = { edit: await customer.download(uuid), export: await customer.download(uuid, 'export') };
		return { ...shoot, results };
	}

	/** Until the edit of the only project has ended, by the wall clock: that of the nodes runs ahead. */
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
			...(isDone(project.edit_status) ? await this.customer.download(uuid) : []),
			...(isDone(project.export_status) ? await this.customer.download(uuid, 'export') : []),
		]);
	}

	/** The photos of a shoot that are with the sandbox, byte for byte. */
	async arrived({ uuid, photos }: Shoot): Promise<Set<string>> {
		const folder = join(this.folder, 'imagen', uuid, 'photos');
		const files = (await readdir(folder).catch(() => [])).filter((name) => /object$/.test(name));
		const there = new Set<string>();
		for (const file of files) there.add(digest(await readFile(join(folder, file))));
		return new Set([...photos].filter(([, bytes]) => there.has(digest(bytes))).map(([name]) => name));
	}
}

/** One item for each photo of a shoot. */
export function itemsOf({ uuid, source, photos }: Shoot): InputItem[] {
	const json = { project_uuid: uuid, ...(source === 'I2I' && { project_source: source }) };
	return [...photos].map(([fileName, bytes]) => photo(fileName, bytes, json));
}

/** Photos that no two shoots have in common. */
export function newPhotos(count: number): Map<string, Buffer> {
	return new Map(
		Array.from({ length: count }, (_, index) => [
			`IMG_${String(index + 1).padStart(4, '0')}.NEF`,
			randomBytes(3000 + index),
		]),
	);
}

const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
