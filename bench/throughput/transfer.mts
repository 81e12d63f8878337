import type { Direction } from './contender.mts';

/** The photos that a client without n8n moves, and how. */
export interface Transfer {
	direction: Direction;
	apiUrl: string;
	apiKey: string;
	/** The files to upload, by the name of the photo. */
	paths: Record<string, string>;
	/** Where downloads are written. */
	folder: string;
	atOnce: number;
}

export interface Link {
	fileName: string;
	url: string;
}

const project = 'projects/bench';

/** Requests the presigned links of all photos of a transfer at once, as the API wants it. */
export async function requestLinks({ direction, apiUrl, apiKey, paths }: Transfer): Promise<Link[]> {
	const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
	const isUpload = direction === 'upload';
	const body = JSON.stringify({ files_list: Object.keys(paths).map((file_name) => ({ file_name })) });
	const response = isUpload
		? await fetch(`${apiUrl}/${project}/get_temporary_upload_links`, { method: 'POST', headers, body })
		: await fetch(`${apiUrl}/${project}/edit/get_temporary_download_links`, { headers });
	const { data } = (await response.json()) as { data: { files_list: Array<Record<string, string>> } };
	return data.files_list.map(({ file_name: fileName, ...link }) => ({
		fileName,
		url: isUpload ? link.upload_link : link.download_link,
	}));
}

/** Does the work for each entry of a list, at most `atOnce` at a time. */
export async function forEachConcurrently<T>(
	list: T[],
	atOnce: number,
	work: (entry: T) => Promise<void>,
): Promise<void> {
	const entries = list.values();
	await Promise.all(
		Array.from({ length: atOnce }, async () => {
			for (const entry of entries) await work(entry);
		}),
	);
}
