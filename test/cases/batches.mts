import { NodeConnectionTypes, type IExecuteFunctions, type INodeType } from 'n8n-workflow';

/** Gives its items a few at a time to the node that follows, which then runs once for each batch, as in n8n's Loop Over Items. */
export function batchesNode(batches: number, size: number): INodeType {
	return {
		description: {
			displayName: 'Batches',
			name: 'batches',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Batches' },
			inputs: [NodeConnectionTypes.Main],
			outputs: Array.from({ length: batches }, () => NodeConnectionTypes.Main),
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			const all = this.getInputData();
			return Array.from({ length: batches }, (_, batch) => all.slice(batch * size, (batch + 1) * size));
		},
	};
}
