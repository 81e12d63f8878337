import type { Studio } from '../../support/studio.mts';
import { digest } from './digests.mts';

/** SHA-256 digests by file name of all results of an edit or export, of all projects, fetched with fresh links and without n8n. */
export async function resultDigests(
	{ control, sandbox }: Studio,
	job: string,
): Promise<Record<string, string>> {
	const files: Record<string, string> = {};
	for (const { project_uuid } of await control.projects()) {
		const path = `projects/${project_uuid}/${job}/get_temporary_download_links`;
		const answer = await fetch(`${sandbox.apiUrl}/${path}`, { headers: { 'x-api-key': sandbox.apiKey } });
		const { data } = (await answer.json()) as {
			data: { files_list: Array<{ file_name: string; download_link: string }> };
		};
		for (const { file_name, download_link } of data.files_list) {
			files[file_name] = digest(Buffer.from(await (await fetch(download_link)).arrayBuffer()));
		}
	}
	return files;
}
