import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account } from './account/account.mts';
import { addControlRoutes, controlPath } from './api/controlRoutes.mts';
import { buildApi } from './api/apiServer.mts';
import { baseUrlPath, describeApiRequest } from './calls.mts';
import { Clock } from './clock.mts';
import { Faults, type Chance } from './faults/faultRules.mts';
import { openFaultProxy, type FaultProxy } from './faultProxy.mts';
import { RequestLog } from './requestLog.mts';
import { ResultRenderer } from './results/resultRenderer.mts';
import { PlainResultRenderer } from './results/plainResultRenderer.mts';
import { defaultSettings, type Settings } from './settings.mts';
import { FileStore } from './storage/fileStore.mts';

export interface SandboxOptions
	extends Partial<Pick<Settings, 'editSeconds' | 'exportSeconds' | 'leastSmartPhotos' | 'linkSeconds'>> {
	/** Port of the API; default 0, a free one. */
	port?: number;
	/** Default `sandbox-key`. */
	apiKey?: string;
	/** Where photos and results are kept; default a temporary folder, removed at close. */
	folder?: string;
	/** Whether results are small files in place of real pictures, each of which says what it was made from: a hundred times as quick. */
	plainResults?: boolean;
	/** How large these are; 2,000 bytes if left out. */
	resultBytes?: number;
	/** Decides on faults for requests that no rule is for. */
	chance?: Chance;
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
	const endings: Array<() => unknown> = [];
	const close = async () => {
		for (const end of endings.splice(0).reverse()) await end();
	};
	try {
		return { ...(await openParts(options, endings)), close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Opens one part after the other; what closes it again is added to `endings`, to be called in reverse. */
async function openParts(
	{ port = 0, apiKey = 'sandbox-key', folder, plainResults, resultBytes, chance, ...timing }: SandboxOptions,
	endings: Array<() => unknown>,
): Promise<Omit<Sandbox, 'close'>> {
	const initialSettings: Settings = { ...defaultSettings, ...timing };
	const settings = { ...initialSettings };
	const faults = new Faults(chance);
	const clock = new Clock();
	const log = new RequestLog(clock);
	const observed = { apiKey, clock, faults, log };

	const root = folder ?? (await mkdtemp(join(tmpdir(), 'imagen-sandbox-')));
	if (folder === undefined) endings.push(() => rm(root, { recursive: true, force: true }));
	const files = await FileStore.open({ folder: root, settings, clock });
	endings.push(() => files.close());

	const proxies: Partial<Record<'api' | 'storage', FaultProxy>> = {};
	proxies.storage = await openFaultProxy({
		...observed,
		to: 'storage',
		port: 0,
		handler: (request, response) => files.handle(request, response),
		describe: (method, path, query) => files.describe(method, path, query),
		otherOrigin: () => proxies.api?.origin ?? '',
	});
	endings.push(proxies.storage.close);
	const { origin: storageUrl } = proxies.storage;

	const renderer = plainResults ? new PlainResultRenderer(files, resultBytes) : new ResultRenderer(files);
	const account = new Account({
		settings,
		clock,
		files,
		renderer,
		storageOrigin: storageUrl,
		faults,
		log,
	});
	endings.push(() => account.close());
	const app = buildApi(account, apiKey);
	addControlRoutes(app, { account, settings, initialSettings, clock, faults, log });
	await Promise.all([account.open(), app.ready()]);

	proxies.api = await openFaultProxy({
		...observed,
		to: 'api',
		port,
		handler: app.routing,
		describe: describeApiRequest,
		quietPath: controlPath,
		otherOrigin: () => storageUrl,
	});
	endings.push(proxies.api.close);
	const { origin } = proxies.api;
	return { apiUrl: `${origin}${baseUrlPath}`, controlUrl: `${origin}${controlPath}`, storageUrl, apiKey };
}
