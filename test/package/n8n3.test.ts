import type { INode, IWorkflowBase } from 'n8n-workflow';

import { nodeDescriptions } from './parameters';
import { listFiles, readJson, readRuntimeSources, readText } from './project';

/** Nothing that n8n 3 removes (docs.n8n.io/changelog/v30-breaking-changes) is used. */

const sources = readRuntimeSources().map(({ path }) => path);
const workflows = ['templates', 'demo/workflows'].flatMap((folder) => listFiles(folder, '.json'));

const REMOVED_NODES = [
	'n8n-nodes-base.aiTransform',
	'n8n-nodes-base.function',
	'n8n-nodes-base.functionItem',
	'n8n-nodes-base.itemLists',
	'@n8n/n8n-nodes-langchain.code',
];

const filesWith = (text: string, files: string[]) => files.filter((file) => readText(file).includes(text));

test('no expression uses $getPairedItem, which n8n 3 removes', () => {
	expect(filesWith('$getPairedItem', [...sources, ...workflows])).toEqual([]);
});

test('no node has a colour, which n8n 3 removes', async () => {
	for (const { defaults } of await nodeDescriptions()) expect(Object.keys(defaults)).toEqual(['name']);
});

test('binary data is taken as a whole in one place only: where n8n has no stream of it', () => {
	expect(filesWith('getBinaryDataBuffer', sources)).toEqual(['nodes/Imagen/transfer/inputFile.ts']);
});

test.each(workflows)('the workflow %s has no node and no mode that n8n 3 removes', (path) => {
	const { nodes } = readJson(path) as IWorkflowBase;
	expect(nodes.filter(isRemoved).map(({ name }) => name)).toEqual([]);
});

function isRemoved({ type, typeVersion, parameters }: INode): boolean {
	if (type === 'n8n-nodes-base.executeWorkflow') return parameters.mode === 'each';
	if (type === '@n8n/n8n-nodes-langchain.agent') return typeVersion < 2;
	return REMOVED_NODES.includes(type);
}
