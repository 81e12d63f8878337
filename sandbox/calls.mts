/** Every call of the Imagen API that the sandbox answers: its method and its path below the base URL. */
export const apiCalls = {
	profiles: { method: 'GET', path: '/profiles' },
	create: { method: 'POST', path: '/projects' },
	projects: { method: 'GET', path: '/projects' },
	skyTemplates: { method: 'GET', path: '/projects/sky_replacement/templates' },
	project: { method: 'GET', path: '/projects/:project' },
	projectUuid: { method: 'GET', path: '/projects/:name/uuid' },
	uploadLinks: { method: 'POST', path: '/projects/:project/get_temporary_upload_links' },
	edit: { method: 'POST', path: '/projects/:project/edit' },
	editStatus: { method: 'GET', path: '/projects/:project/edit/status' },
	editLinks: { method: 'GET', path: '/projects/:project/edit/get_temporary_download_links' },
	export: { method: 'POST', path: '/projects/:project/export' },
	exportStatus: { method: 'GET', path: '/projects/:project/export/status' },
	exportLinks: { method: 'GET', path: '/projects/:project/export/get_temporary_download_links' },
	exportLink: { method: 'GET', path: '/projects/:project/export/get_download_link' },
	replaceLink: { method: 'GET', path: '/projects/:project/export/get_upload_link' },
	tools: { method: 'GET', path: '/projects/:project/ai-tools' },
	copilot: { method: 'POST', path: '/projects/:project/images/:file/copilot' },
	enhance: { method: 'POST', path: '/projects/:project/images/:file/enhance' },
	resetImage: { method: 'DELETE', path: '/projects/:project/images/:file/copilot' },
	finalize: { method: 'POST', path: '/projects/:project/finalize' },
	smartCreate: { method: 'POST', path: '/i2i/projects' },
	smartProjects: { method: 'GET', path: '/i2i/projects' },
	smartNameCheck: { method: 'GET', path: '/i2i/projects/is_valid_name' },
	smartProject: { method: 'GET', path: '/i2i/projects/:project' },
	smartUploadLinks: { method: 'POST', path: '/i2i/projects/:project/get_temporary_upload_links' },
	smartEdit: { method: 'POST', path: '/i2i/projects/:project/edit' },
	multipartBegin: { method: 'POST', path: '/i2i/projects/:project/multipart_uploads' },
	multipartComplete: { method: 'POST', path: '/i2i/projects/:project/multipart_uploads/:upload/complete' },
	multipartAbort: { method: 'DELETE', path: '/i2i/projects/:project/multipart_uploads/:upload' },
	smartLinks: { method: 'GET', path: '/i2i/projects/:project/get_temporary_download_links' },
	smartLink: { method: 'GET', path: '/i2i/projects/:project/get_download_link' },
	smartReplaceLink: { method: 'GET', path: '/i2i/projects/:project/get_upload_link' },
} as const;

export type ApiCall = keyof typeof apiCalls;

/** All that faults and the request log can name: the API's calls, the storage's, and the callback. */
export type CallName = ApiCall | 'put' | 'part' | 'get' | 'callback';

export const callNames = [
	...(Object.keys(apiCalls) as ApiCall[]),
	'put',
	'part',
	'get',
	'callback',
] as const satisfies CallName[];

/** What a request is about, as far as its method and path show. */
export interface Subject {
	call?: CallName;
	projectUuid?: string;
	fileName?: string;
}

export const baseUrlPath = '/v1';

const matchers = Object.entries(apiCalls).map(([call, { method, path }]) => ({
	call: call as ApiCall,
	method,
	pattern: new RegExp(`^${baseUrlPath}${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
}));

/** Names the API call behind a request; a path that is none of them gets no name. */
export function describeApiRequest(method: string, path: string): Subject {
	for (const matcher of matchers) {
		const match = matcher.method === method ? matcher.pattern.exec(path) : null;
		if (!match) continue;
		const { project, file } = match.groups ?? {};
		return { call: matcher.call, projectUuid: project, fileName: file && decoded(file) };
	}
	return {};
}

/** Decodes a path or a part of it; returns it unchanged if it is not well encoded. */
export function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
