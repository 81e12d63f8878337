import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import type { WorkflowDefinition } from '../support/n8n/n8nClient.mts';
import { root } from '../support/root.mts';
import { openStudio, type Studio } from '../support/studio.mts';
import { useStudio } from './helpers/useStudio.mts';
import { node } from '../support/n8n/workflowNodes.mts';

const workflows = ['templates', 'demo/workflows'].flatMap((folder) =>
	readdirSync(join(root, folder))
		.filter((file) => file.endsWith('.json'))
		.map((file) => join(root, folder, file)),
);

let studio: Studio;

useStudio(openStudio, (opened) => (studio = opened));

it("n8n's own report on version 3 finds nothing in the templates, and finds what is there to find", async () => {
	for (const path of workflows)
		await studio.import(JSON.parse(await readFile(path, 'utf8')) as WorkflowDefinition);
	const broken = node('Set', 'n8n-nodes-base.noOp', 1, { notes: '={{ $getPairedItem() }}' });
	await studio.import({ name: 'Uses what is removed', nodes: [broken], connections: {} });
	expect(await studio.client.brokenByN8n3()).toEqual({ 'Uses what is removed': ['get-paired-item-v3'] });
});
