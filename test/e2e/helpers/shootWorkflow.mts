import type { WorkflowDefinition } from '../../support/n8n/n8nClient.mts';
import { byId, imagen, node, type TestNode } from '../../support/n8n/workflowNodes.mts';

/** A profile of the sandbox for RAW photos. */
const rawProfile = byId(14715);

/** Edits the photos of the input as one shoot. */
export function editPhotos(
	name: string,
	options: object,
	results = 'edited',
	aiTools: object = {},
): TestNode {
	return imagen(name, 'shoot', 'editPhotos', { profile: rawProfile, results, aiTools, options });
}

/** Reads the photos of a folder and gives them to one shoot, or to several branches. */
export function shootWorkflow(name: string, folder: string, shoots: TestNode[]): WorkflowDefinition {
	const start = node('Start', 'n8n-nodes-base.manualTrigger', 1, {});
	const photos = node('Photos', 'n8n-nodes-base.readWriteFile', 1.1, {
		operation: 'read',
		fileSelector: `${folder}/*.nef`,
		options: {},
	});
	const to = (targets: TestNode[]) => ({
		main: [targets.map((target) => ({ node: target.name, type: 'main', index: 0 }))],
	});
	return {
		name,
		nodes: [start, photos, ...shoots],
		connections: { Start: to([photos]), Photos: to(shoots) },
	};
}
