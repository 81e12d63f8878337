import { listIn, textIn } from './answer';
import { endpoints, type Job } from './endpoints';
import { request } from './request';
import type { ApiContext, FileLink, FileToUpload } from './types';

/** A presigned link for each file, in one request. Repeated safely: asking changes nothing, and links come anew. */
export async function getUploadLinks(
	context: ApiContext,
	uuid: string,
	files: FileToUpload[],
): Promise<FileLink[]> {
	return await request(context, {
		method: 'POST',
		path: endpoints.uploadLinks(uuid),
		purpose: `get upload links for the project ${uuid}`,
		body: { files_list: files },
		repeatable: true,
		read: (payload) => toLinks(payload, 'upload_link'),
	});
}

/** A presigned link for each result of a finished edit or export. Empty for a while just after Completed. */
export async function getDownloadLinks(context: ApiContext, job: Job, uuid: string): Promise<FileLink[]> {
	return await request(context, {
		method: 'GET',
		path: endpoints.downloadLinks(job, uuid),
		purpose: `get the download links of the ${job} of project ${uuid}`,
		// The guide's sample calls the link to download `upload_link`.
		read: (payload) => toLinks(payload, 'download_link', 'upload_link'),
	});
}

function toLinks(payload: unknown, ...linkKeys: string[]): FileLink[] {
	return listIn(payload, 'files_list').map((entry) => ({
		file_name: textIn(entry, 'file_name'),
		link: textIn(entry, ...linkKeys),
	}));
}
