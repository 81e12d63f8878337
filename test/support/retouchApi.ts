import type nock from 'nock';

import { api, linkTo, wrapped } from './imagenApi';

type Json = Record<string, unknown>;

/** One version that is requested; the defaults are what most tests use. */
export interface VersionCall {
	uuid?: string;
	file?: string;
	what?: { instruction: string } | { tool_id: string };
	parent?: unknown;
	source?: 'I2I' | 'REGULAR';
}

const retouchPath = (uuid: string, file: string, call: string) =>
	`/projects/${uuid}/images/${encodeURIComponent(file)}/${call}`;

/** The API expects one request for a version, with exactly this body. */
export function apiAwaitsVersion({
	uuid = 'p-1',
	file = 'a.jpg',
	what = { instruction: 'More light' },
	parent = null,
	source = 'REGULAR',
}: VersionCall = {}): nock.Interceptor {
	const call = 'instruction' in what ? 'copilot' : 'enhance';
	const body = { ...what, parent_version_id: parent, project_source: source };
	return api().post(retouchPath(uuid, file, call), (sent) => JSON.stringify(sent) === JSON.stringify(body));
}

/** The API's answer with a new version. */
export function made(version_id: unknown, file = 'a.jpg', uuid = 'p-1'): Json {
	return wrapped({ status: 'SUCCESS', version_id, enhanced_image_url: linkTo(uuid, file) });
}

/** The API expects one request for a version, and makes it. */
export function apiMakesVersion(version: unknown, call: VersionCall = {}): void {
	apiAwaitsVersion(call).reply(200, made(version, call.file, call.uuid));
}

/** The API expects the reset of a photo. */
export function apiAwaitsReset(file: string, source = 'REGULAR', uuid = 'p-1'): nock.Interceptor {
	return api().delete(retouchPath(uuid, file, 'copilot'), { project_source: source });
}

/** The API expects the finalizing of a project. */
export function apiAwaitsFinalize(uuid = 'p-1', source = 'REGULAR'): nock.Interceptor {
	return api().post(`/projects/${uuid}/finalize`, { project_source: source });
}

/** Links to these final files; links of another round are other links. */
export function finalized(uuid: string, fileNames: string[], round = 1): Json {
	return wrapped({
		files_list: fileNames.map((file_name) => ({
			file_name,
			download_link: linkTo(uuid, file_name, round),
		})),
	});
}

/** The API has a Smart Editing project, whose edit has this result; it is asked for the project twice. */
export function apiHasSmartResult(fileName: string, uuid = 'p-1'): void {
	const project = { project_uuid: uuid, status: 'Completed', number_of_images: 1 };
	api().get(`/i2i/projects/${uuid}`).thrice().reply(200, wrapped(project));
	api()
		.get(`/i2i/projects/${uuid}/get_temporary_download_links`)
		.reply(200, finalized(uuid, [fileName]));
}

/** The API expects a request for the tools of a project. */
export function apiGivesTools(uuid: string, payload: unknown, source = 'REGULAR'): void {
	api().get(`/projects/${uuid}/ai-tools`).query({ project_source: source }).reply(200, wrapped(payload));
}

export const TOOLS = {
	prompts: [
		{ enhancement_type: 'declutter', label: 'Declutter', enabled_for_batch: true },
		{ enhancement_type: 'virtual_twilight', label: 'Virtual twilight', enabled_for_batch: false },
	],
};
