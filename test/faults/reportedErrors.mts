import type { NodeResult } from '../support/engine/index.ts';

/** An error as the user sees it: on the node, or in an item where the node continues on errors. */
export interface ReportedError {
	message: string;
	nextStep: string;
}

/** Every error of a run. */
export function reportedErrors({ error, output }: NodeResult): ReportedError[] {
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

/** All of them as one text. */
export function reportedText(result: NodeResult): string {
	return reportedErrors(result)
		.map(({ message, nextStep }) => `${message}\n${nextStep}`)
		.join('\n');
}
