import type { NodeResult } from '../support/engine/index.ts';

/** An error as a user meets it: on the node, or in an item of a node that continues. */
export interface Told {
	message: string;
	nextStep: string;
}

/** All that a run tells of what failed. */
export function toldBy({ error, output }: NodeResult): Told[] {
	const ofNode = error ? [{ message: error.message, nextStep: error.description ?? '' }] : [];
	const ofItems = output
		.flat()
		.filter(({ json }) => json.error !== undefined)
		.map(({ json }) => ({
			message: `${String(json.error)} ${String(json.file_name ?? json.project_uuid ?? '')}`,
			nextStep: String(json.message ?? ''),
		}));
	return [...ofNode, ...ofItems];
}

/** The same as one text. */
export function textOf(result: NodeResult): string {
	return toldBy(result)
		.map(({ message, nextStep }) => `${message}\n${nextStep}`)
		.join('\n');
}
