/** The two things that Imagen does to a whole project: `edit` is paid per photo, `export` renders the edit to JPEG. */
export type Job = 'edit' | 'export';

const project = (uuid: string) => `/projects/${encodeURIComponent(uuid)}`;

/** Every path of the API that these nodes call, relative to the base URL. */
export const endpoints = {
	profiles: () => '/profiles',
	projects: () => '/projects/',
	project,
	projectUuidByName: (name: string) => `/projects/${encodeURIComponent(name)}/uuid`,
	uploadLinks: (uuid: string) => `${project(uuid)}/get_temporary_upload_links`,
	start: (job: Job, uuid: string) => `${project(uuid)}/${job}`,
	status: (job: Job, uuid: string) => `${project(uuid)}/${job}/status`,
	downloadLinks: (job: Job, uuid: string) => `${project(uuid)}/${job}/get_temporary_download_links`,
};
