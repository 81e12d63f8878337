import { isRecord, requireList, requireText, toNumber } from './answer';
import { endpoints, type Job } from './endpoints';
import { projectLabel, type ProjectRef } from './projectRef';
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
		purpose: `get upload links for project ${projectLabel(project)}`,
		// The clients name themselves in Smart Editing only.
		body: { files_list: files, ...(project.editingFlow === 'I2I' && { client_type: 'API' }) },
		idempotent: true,
		read: (payload) => toLinks(payload, 'upload_link'),
	});
}

/**
 * A presigned link for each result of a finished edit or export. Empty for a while just after Completed. No client knows of pages; where
 * an answer says that it is one of several, the others are asked for as those of other lists are.
 */
export async function getDownloadLinks(
	context: ApiContext,
	job: Job,
	project: ProjectRef,
): Promise<FileLink[]> {
	let files: FileLink[] = [];
	for (let page = 0; ; page++) {
		const { links, total } = await getLinksPage(context, job, project, page);
		const all = uniqueFiles([...files, ...links]);
		// A page that brings nothing new is behind the last one.
		if (all.length === files.length || all.length >= total) return all;
		files = all;
	}
}

/** Each file once, by the first of its links. */
export function uniqueFiles(links: FileLink[]): FileLink[] {
	const files = new Map<string, FileLink>();
	for (const link of links) if (!files.has(fileOf(link))) files.set(fileOf(link), link);
	return [...files.values()];
}

/** Tells a file from others of its name by its place in the storage: one that is listed twice is one. */
const fileOf = ({ file_name, link }: FileLink) => `${file_name} ${link.split('?')[0]}`;

async function getLinksPage(context: ApiContext, job: Job, project: ProjectRef, page: number) {
	return await request(context, {
		method: 'GET',
		path: endpoints.downloadLinks(job, project),
		purpose: `get the download links for the ${job} of project ${projectLabel(project)}`,
		...(page > 0 && { query: { page } }),
		// The guide's sample calls the link to download `upload_link`.
		read: (payload) => ({
			links: toLinks(payload, 'download_link', 'upload_link'),
			total: (isRecord(payload) && isRecord(payload.pagination) && toNumber(payload.pagination.total)) || 0,
		}),
	});
}

/** A presigned link to one finished JPEG: of an export, or of Smart Editing. Of regular edits the API gives no single ones. */
export async function getDownloadLink(
	context: ApiContext,
	project: ProjectRef,
	fileName: string,
): Promise<FileLink> {
	const purpose = `get the download link for '${fileName}' of project ${projectLabel(project)}`;
	const path = endpoints.downloadLink(project);
	return await getLink(context, path, fileName, purpose, 'download_link', 'upload_link');
}

/** A presigned link by which another JPEG takes the place of a finished one. */
export async function getReplaceLink(
	context: ApiContext,
	project: ProjectRef,
	fileName: string,
): Promise<FileLink> {
	const purpose = `get the link to replace '${fileName}' of project ${projectLabel(project)}`;
	return await getLink(context, endpoints.replaceLink(project), fileName, purpose, 'upload_link');
}

async function getLink(
	context: ApiContext,
	path: string,
	fileName: string,
	purpose: string,
	...linkKeys: string[]
): Promise<FileLink> {
	return await request(context, {
		method: 'GET',
		path,
		query: { file_name: fileName },
		purpose,
		read: (payload) => ({ file_name: fileName, link: requireText(payload, ...linkKeys) }),
	});
}

/** The links of an answer, whichever of the keys they are under. @throws UnexpectedAnswer when one lacks name or link */
export function toLinks(payload: unknown, ...linkKeys: string[]): FileLink[] {
	return requireList(payload, 'files_list').map((entry) => ({
		file_name: requireText(entry, 'file_name'),
		link: requireText(entry, ...linkKeys),
	}));
}
