import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { largeShootInFolders } from '../../test/support/largeShoot.mts';
import type { WorkflowDefinition } from '../../test/support/n8n/n8nClient.mts';
import { byId, type TestNode } from '../../test/support/n8n/workflowNodes.mts';
import { root } from '../../test/support/root.mts';

/** Of the sandbox, for RAW photos. */
const rawProfile = 14715;
export const batchSize = 100;

/** Folders of n8n's working folder. */
export const folders = { photos: 'photos', edited: 'edited' };

/** A way to take a folder of photos through n8n: a workflow that begins with the node `Start`. */
export interface Way {
	name: string;
	/** What an operator sets for it. */
	env: Record<string, string>;
	workflow(photos: string[]): Promise<WorkflowDefinition>;
}

const to = `=${folders.edited}/{{ $json.file_name }}`;

const allAtOnce = async (): Promise<WorkflowDefinition> => {
	const template = JSON.parse(await readFile(join(root, 'templates', 'folder-to-folder.json'), 'utf8')) as {
		name: string;
		nodes: TestNode[];
		connections: object;
	};
	const settings: Record<string, object> = {
		'Fetch Photos': { fileSelector: `${folders.photos}/*` },
		'Edit Photos': { profile: byId(rawProfile) },
		Deliver: { fileName: to },
	};
	const nodes = template.nodes.map((set) => ({
		...set,
		parameters: { ...set.parameters, ...settings[set.name] },
	}));
	return { ...template, nodes };
};

const inBatches = async (photos: string[]): Promise<WorkflowDefinition> =>
	await largeShootInFolders({
		name: 'Large shoot',
		photos,
		from: folders.photos,
		to,
		batchSize,
		profile: rawProfile,
	});

/** Batches come with n8n's ways to delete what an execution that is not saved leaves behind. */
export const ways: Way[] = [
	{ name: 'All at once', env: {}, workflow: allAtOnce },
	{ name: 'Batches, n8n as it is', env: {}, workflow: inBatches },
	{
		name: 'Batches, `EXECUTIONS_DATA_PRUNE_HARD_DELETE_INTERVAL=1`',
		env: { EXECUTIONS_DATA_PRUNE_HARD_DELETE_INTERVAL: '1' },
		workflow: inBatches,
	},
	{
		name: 'Batches, `EXECUTIONS_DATA_PRUNE=false`',
		env: { EXECUTIONS_DATA_PRUNE: 'false' },
		workflow: inBatches,
	},
];
