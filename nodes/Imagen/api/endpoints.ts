import type { ProjectRef, EditingFlow } from './projectRef';

/** The two things that Imagen does to a whole project: `edit` is paid per photo, `export` renders the edit to JPEG. */
export type Job = 'edit' | 'export';

/** Smart Editing has paths of its own beside those of the AI Profile flow. */
const projects = (editingFlow: EditingFlow) => (editingFlow === 'I2I' ? '/i2i/projects' : '/projects');

const project = ({ uuid, editingFlow }: ProjectRef) => `${projects(editingFlow)}/${encodeURIComponent(uuid)}`;

/** Of Smart Editing, a project has one job, whose state is its own. */
const job = (name: Job, ref: ProjectRef) =>
	ref.editingFlow === 'I2I' ? project(ref) : `${project(ref)}/${name}`;

/** Retouching has one set of paths for both flows; the request names the flow. */
const finished = ({ uuid }: ProjectRef) => project({ uuid, editingFlow: 'REGULAR' });

const image = (ref: ProjectRef, fileName: string) =>
	`${finished(ref)}/images/${encodeURIComponent(fileName)}`;

const multipartUploads = (ref: ProjectRef) => `${project(ref)}/multipart_uploads`;

const multipartUpload = (ref: ProjectRef, uploadId: string) =>
	`${multipartUploads(ref)}/${encodeURIComponent(uploadId)}`;

/** Every path of the API that these nodes call, relative to the base URL. */
export const endpoints = {
	profiles: () => '/profiles',
	/** With a slash to create and without one to list, as all official clients have it: the API may redirect, which is not followed. */
	newProject: (editingFlow: EditingFlow) => `${projects(editingFlow)}/`,
	projects,
	project,
	/** Whether a Smart Editing project may have a name. */
	nameCheck: () => '/i2i/projects/is_valid_name',
	projectUuidByName: (name: string) => `/projects/${encodeURIComponent(name)}/uuid`,
	skyTemplates: () => '/projects/sky_replacement/templates',
	uploadLinks: (ref: ProjectRef) => `${project(ref)}/get_temporary_upload_links`,
	multipartUploads,
	multipartUpload,
	completeMultipartUpload: (ref: ProjectRef, uploadId: string) =>
		`${multipartUpload(ref, uploadId)}/complete`,
	start: (name: Job, ref: ProjectRef) => `${project(ref)}/${name}`,
	status: (name: Job, ref: ProjectRef) =>
		ref.editingFlow === 'I2I' ? project(ref) : `${job(name, ref)}/status`,
	downloadLinks: (name: Job, ref: ProjectRef) => `${job(name, ref)}/get_temporary_download_links`,
	/** Of one result: its link, and a link to put another JPEG in its place. Of regular edits there are none. */
	downloadLink: (ref: ProjectRef) => `${job('export', ref)}/get_download_link`,
	replaceLink: (ref: ProjectRef) => `${job('export', ref)}/get_upload_link`,
	retouchTools: (ref: ProjectRef) => `${finished(ref)}/ai-tools`,
	instruct: (ref: ProjectRef, fileName: string) => `${image(ref, fileName)}/copilot`,
	enhance: (ref: ProjectRef, fileName: string) => `${image(ref, fileName)}/enhance`,
	finalize: (ref: ProjectRef) => `${finished(ref)}/finalize`,
};
