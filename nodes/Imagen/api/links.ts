import { requireList, requireText } from './answer';
import { endpoints, type Job } from './endpoints';
import type { ProjectRef } from './projectRef';
import { request } from './request';
import type { ApiContext, FileLink, FileToUpload } from './types';

/** A presigned link for each file, in one request. Repeated safely: asking changes nothing, and links come again. */
export async function getUploadLinks(
	context: ApiContext,
	project: ProjectRef,
	files: FileToUpload[],
): Promise<FileLink[]> {
	return await request(context, {
		method: 'POST',
		path: endpoints.uploadLinks(project),
		purpose: `get upload links for the project ${project.uuid}`,
		// The clients name themselves in Smart Editing only.
		body: { files_list: files, ...(project.editingFlow === 'I2I' && { client_type: 'API' }) },
		idempotent: true,
		read: (payload) => toLinks(payload, 'upload_link'),
	});
}

/** A presigned link for each result of a finished edit or export. Empty for a while just after Completed. */
export async function getDownloadLinks(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
): Promise<FileLink[]> {
	return await request(context, {
		method: 'GET',
		path: endpoints.downloadLinks(job, project),
		purpose: `get the download links of the ${job} of project ${project.uuid}`,
		// The guide's sample calls the link to download `upload_link`.
		read: (payload) => toLinks(payload, 'download_link', 'upload_link'),
	});
}

/** The links of an answer, whichever of the keys they are under. @throws UnexpectedAnswer when one lacks name or link */
export function toLinks(payload: unknown, ...linkKeys: string[]): FileLink[] {
	return requireList(payload, 'files_list').map((entry) => ({
		file_name: requireText(entry, 'file_name'),
		link: requireText(entry, ...linkKeys),
	}));
}
