import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account } from './account/account.mts';
import { addControlRoutes, controlPath } from './api/control.mts';
import { buildApi } from './api/server.mts';
import { baseUrlPath, describeApiRequest } from './calls.mts';
import { Faults } from './faults/rules.mts';
import { openFront, type Front } from './front.mts';
import { RequestLog } from './requestLog.mts';
import { defaultSettings, type Settings } from './settings.mts';
import { FileStore } from './storage/fileStore.mts';

export interface SandboxOptions
	extends Partial<Pick<Settings, 'editSeconds' | 'exportSeconds' | 'linkSeconds'>> {
	/** Port of the API; default 0, a free one. */
	port?: number;
	/** Default `sandbox-key`. */
	apiKey?: string;
	/** Where photos and results are kept; default a temporary folder, removed at close. */
	folder?: string;
}

export interface Sandbox {
	/** The base URL for a client, such as `http://127.0.0.1:4000/v1`. */
	apiUrl: string;
	/** The base URL of the control endpoints. */
	controlUrl: string;
	/** Where the links point. */
	storageUrl: string;
	apiKey: string;
	close(): Promise<void>;
}

/** Starts a local Imagen on loopback: the API and, on a port of its own, the storage behind its links. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { port = 0, apiKey = 'sandbox-key', folder, ...timing } = options;
	const initialSettings: Settings = { ...defaultSettings, ...timing };
	const settings = { ...initialSettings };
	const faults = new Faults();
	const log = new RequestLog();
	const root = folder ?? (await mkdtemp(join(tmpdir(), 'imagen-sandbox-')));
	const files = await FileStore.open(root);

	const fronts: { storage: Front; api?: Front } = {
		storage: await openFront({
			to: 'storage',
			port: 0,
			handler: (request, response) => files.handle(request, response),
			describe: (method, path) => files.describe(method, path),
			otherOrigin: () => fronts.api?.origin ?? '',
			apiKey,
			faults,
			log,
		}),
	};
	const account = new Account({ settings, files, storageOrigin: fronts.storage.origin, faults, log });
	const app = buildApi(account, apiKey);
	addControlRoutes(app, { account, settings, initialSettings, faults, log });
	await Promise.all([account.open(), app.ready()]);
	const api = await openFront({
		to: 'api',
		port,
		handler: app.routing,
		describe: describeApiRequest,
		quietPath: controlPath,
		otherOrigin: () => fronts.storage.origin,
		apiKey,
		faults,
		log,
	});
	fronts.api = api;

	return {
		apiUrl: `${api.origin}${baseUrlPath}`,
		controlUrl: `${api.origin}${controlPath}`,
		storageUrl: fronts.storage.origin,
		apiKey,
		async close() {
			await Promise.all([api.close(), fronts.storage.close()]);
			await account.close();
			await app.close();
			files.close();
			if (folder === undefined) await rm(root, { recursive: true, force: true });
		},
	};
}
