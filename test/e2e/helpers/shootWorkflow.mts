import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowDefinition } from '../../support/n8n/n8nClient.mts';
import { shootParameters } from '../../support/shootParameters.ts';
import { byId, imagen, manualStart, readFiles, type TestNode } from '../../support/n8n/workflowNodes.mts';

/** A profile of the sandbox for RAW photos. */
const rawProfile = byId(14715);

/** Edits the photos of the input as one shoot. */
export function editPhotos(
	name: string,
	options: INodeParameters,
	results = 'edited',
	aiTools: INodeParameters = {},
): TestNode {
	const parameters = shootParameters({ profile: rawProfile, results, aiTools, options });
	return imagen(name, 'shoot', 'editPhotos', parameters);
}

/** Reads the photos of a folder and gives them to one shoot, or to several branches. */
export function shootWorkflow(name: string, folder: string, shoots: TestNode[]): WorkflowDefinition {
	const start = manualStart();
	const photos = readFiles('Photos', `${folder}/*.nef`);
	const to = (targets: TestNode[]) => ({
		main: [targets.map((target) => ({ node: target.name, type: 'main', index: 0 }))],
	});
	return {
		name,
		nodes: [start, photos, ...shoots],
		connections: { Start: to([photos]), Photos: to(shoots) },
	};
}
