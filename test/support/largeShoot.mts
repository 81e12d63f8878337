import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowDefinition } from './n8n/n8nClient.mts';
import { byId, node, type TestNode } from './n8n/workflowNodes.mts';
import { root } from './root.mts';

/** What a user sets up in the template of large shoots. */
export interface LargeShoot {
	/** Of the project. */
	name: string;
	/** File names of the photos in the folder `from`. */
	photos: string[];
	from: string;
	/** Where a result is written: a path, which may be an expression. */
	to: string;
	batchSize: number;
	profile: number;
}

/** The template of large shoots, with folders of n8n's working folder in place of Google Drive and Dropbox. */
export async function largeShootInFolders(shoot: LargeShoot): Promise<WorkflowDefinition> {
	const file = join(root, 'templates', 'large-shoot-in-batches.json');
	const template = JSON.parse(await readFile(file, 'utf8')) as WorkflowDefinition & { nodes: TestNode[] };
	const stands = standIns(shoot);
	const settings = settingsOf(shoot);
	const nodes = template.nodes
		.map((templateNode) => stands[templateNode.name] ?? templateNode)
		.map((set) => ({ ...set, parameters: { ...set.parameters, ...settings[set.name] } }));
	return { ...template, nodes };
}

function standIns({ photos, from, to }: LargeShoot): Record<string, TestNode> {
	const items = photos.map((name) => ({ json: { id: name, name } }));
	const disk = (name: string, parameters: object) =>
		node(name, 'n8n-nodes-base.readWriteFile', 1, { ...parameters, options: {} });
	return {
		'List Photos': node('List Photos', 'n8n-nodes-base.code', 2, {
			jsCode: `return ${JSON.stringify(items)};`,
		}),
		'Fetch Photos': disk('Fetch Photos', {
			operation: 'read',
			fileSelector: `=${from}/{{ $json.photo_id }}`,
		}),
		Deliver: disk('Deliver', { operation: 'write', fileName: to }),
	};
}

function settingsOf({ name, batchSize, profile }: LargeShoot): Record<string, object> {
	return {
		'Create Project': { name },
		'Upload Loop': { batchSize },
		'Deliver Loop': { batchSize },
		'Start Edit': { profile: byId(profile) },
	};
}
