import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { root } from '../test/support/root.mts';

/** Photographs that the demo's workflow reads; relative to the root, as in the workflow. */
export const photosFolder = join('demo', 'photos');
/** The demo's workflows, and where each writes; relative to their working folder. */
export const outputFolders = { demo: 'demo-output', shoot: join('demo-output', 'shoot') };
export const editedFolder = join(outputFolders.demo, 'edited');
export const exportedFolder = join(outputFolders.demo, 'exported');

export type WorkflowName = keyof typeof outputFolders;

/** A photo, and the names of its expected results: a RAW photo gets a sidecar, a JPEG has its edit inside. */
export interface Photo {
	name: string;
	isRaw: boolean;
	edited: string;
	exported: string;
}

/** The photos of the demo, RAW first. */
export async function listPhotos(): Promise<Photo[]> {
	const names = (await readdir(join(root, photosFolder))).filter((name) => extname(name) !== '.md');
	const photos = names.map((name) => {
		const stem = name.slice(0, -extname(name).length);
		const isRaw = extname(name) !== '.jpg';
		return { name, isRaw, edited: isRaw ? `${stem}.xmp` : name, exported: `${stem}.jpg` };
	});
	return photos.sort((a, b) => Number(b.isRaw) - Number(a.isRaw) || a.name.localeCompare(b.name));
}

/** Empties the folders of the results; n8n does not make them. */
export async function clearResults(workFolder: string): Promise<void> {
	for (const output of Object.values(outputFolders)) {
		for (const folder of ['edited', 'exported'].map((kind) => join(workFolder, output, kind))) {
			await rm(folder, { recursive: true, force: true });
			await mkdir(folder, { recursive: true });
		}
	}
}

/** A file on disk; it is missing where `bytes` is. */
export interface FoundFile {
	path: string;
	bytes?: number;
}

/** A photo with its files: the camera's, the edited one and the exported one. */
export interface PhotoFiles {
	original: FoundFile;
	edited: FoundFile;
	exported: FoundFile;
}

/** What Shoot calls a JPEG whose export has its name: it gives both, which may go to one folder. */
function numbered(name: string): string {
	const extension = extname(name);
	return `${name.slice(0, -extension.length)}-2${extension}`;
}

/** Looks for all files that a workflow is to make of the demo's photos. */
export async function findFiles(workFolder: string, workflow: WorkflowName = 'demo'): Promise<PhotoFiles[]> {
	const output = outputFolders[workflow];
	const find = async (...path: string[]): Promise<FoundFile> => {
		const file = await stat(join(workFolder, ...path)).catch(() => undefined);
		return { path: join(...path), bytes: file?.size };
	};
	return await Promise.all(
		(await listPhotos()).map(async ({ name, edited, exported }) => ({
			original: await find(photosFolder, name),
			edited: await find(
				output,
				'edited',
				workflow === 'shoot' && edited === exported ? numbered(edited) : edited,
			),
			exported: await find(output, 'exported', exported),
		})),
	);
}
