import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { largeShootInFolders } from '../../test/support/largeShoot.mts';
import type { WorkflowDefinition } from '../../test/support/n8n/n8nClient.mts';
import type { LinkServer } from '../../test/support/linkServer.mts';
import {
	byId,
	connections,
	imagen,
	inARow,
	manualStart,
	node,
	type TestNode,
} from '../../test/support/n8n/workflowNodes.mts';
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
	workflow(photos: string[], drive: LinkServer): Promise<WorkflowDefinition>;
}

const to = `=${folders.edited}/{{ $json.file_name }}`;

const deliver = node('Deliver', 'n8n-nodes-base.readWriteFile', 1, {
	operation: 'write',
	fileName: to,
	options: {},
});

const allAtOnce = async (): Promise<WorkflowDefinition> => {
	const file = join(root, 'templates', 'folder-to-folder.json');
	const template = JSON.parse(await readFile(file, 'utf8')) as WorkflowDefinition;
	const setUp: Record<string, object> = {
		'Fetch Photos': { fileSelector: `${folders.photos}/*` },
		'Edit Photos': { profile: byId(rawProfile) },
		Deliver: { fileName: to },
	};
	const nodes = (template.nodes as TestNode[]).map((own) => ({
		...own,
		parameters: { ...own.parameters, ...setUp[own.name] },
	}));
	return { ...template, nodes };
};

const byLinks = async (photos: string[], drive: LinkServer): Promise<WorkflowDefinition> => {
	const url = drive.answer('/photos', () => photos.map((name) => ({ name, link: drive.linkTo(name) })));
	const nodes = [
		manualStart(),
		node('List Photos', 'n8n-nodes-base.httpRequest', 4.2, { url }),
		imagen('Edit Photos', 'shoot', 'editPhotos', {
			profile: byId(rawProfile),
			photosFrom: 'links',
			link: '={{ $json.link }}',
			fileName: '={{ $json.name }}',
			projectName: 'Large shoot',
			results: 'exported',
		}),
		deliver,
	];
	return { name: 'From links', nodes, connections: connections(inARow(nodes)) };
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
	{ name: 'From links', env: {}, workflow: byLinks },
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
