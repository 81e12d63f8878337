import type { IDataObject } from 'n8n-workflow';
import type { Step } from '../../cases/studio.mts';
import type { WorkflowResult } from '../../support/engine/index.ts';
import { misfitsOf, readSchema } from './outputSchema.mts';

/** What an operation gave out in a run: the JSON of its items. */
export interface Output {
	operation: string;
	items: IDataObject[];
}

/**
 * What the operations of a workflow gave out in a run. Left out is the input that n8n gives in the place of a node that is
 * deactivated or paused, and every item that reports an error.
 */
export function outputsOf(steps: Step[], { run, paused }: WorkflowResult): Output[] {
	const { runData, lastNodeExecuted } = run.data.resultData;
	const isPassing = ({ name, disabled }: Step) => disabled || (paused && name === lastNodeExecuted);
	const own = steps.filter((step) => isOperation(step) && !isPassing(step));
	return own.map(({ name, operation }) => {
		const lists = (runData[name] ?? []).flatMap(({ data }) => data?.main ?? []);
		const all = lists.flatMap((list) => list ?? []).map(({ json }) => json);
		const json = all.filter(({ error }) => error === undefined);
		// As n8n saves it.
		return { operation, items: JSON.parse(JSON.stringify(json)) as IDataObject[] };
	});
}

/** Nodes of other kinds have a name alone. */
const isOperation = ({ operation }: Step) => operation.includes('.');

/** @throws an Error that names the fields of outputs that no output schema has */
export function requireDescribed(outputs: Output[]): void {
	const misfits = outputs.flatMap(({ operation, items }) => {
		const schema = readSchema(operation);
		return items.flatMap((item) => misfitsOf(schema, item, operation));
	});
	if (misfits.length === 0) return;
	throw new Error(
		`The output schemas lack ${[...new Set(misfits)].join(', ')}. Let a sample in samples.mts give it out, then npm run schemas.`,
	);
}
