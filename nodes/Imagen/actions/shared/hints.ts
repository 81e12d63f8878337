import type { IExecuteFunctions } from 'n8n-workflow';

import { projectLabel, type EditingFlow, type ProjectRef } from '../../api/projectRef';
import { FEWEST_SMART_PHOTOS } from '../../errors/nextSteps';

/** What the hints of a run say already. */
const shown = new WeakMap<IExecuteFunctions, Set<string>>();

/** Shows a hint at the node's output when the run has ended, once however many items it is about. n8n before 1.79 has none. */
export function showHint(context: IExecuteFunctions, message: string): void {
	const before = shown.get(context) ?? new Set();
	if (!before.has(message)) context.addExecutionHints?.({ message, location: 'outputPane' });
	shown.set(context, before.add(message));
}

/** Says what is not as it was meant: in the log, and at the node's output. */
export function hintAndLog(context: IExecuteFunctions, message: string): void {
	context.logger.warn(`${context.getNode().name}: ${message}`);
	showHint(context, message);
}

/**
 * The warning about a project with so many photos; undefined if all is well. It is no error: the API does not document the limit.
 *
 * @param known what is known of their number, as the end of a sentence
 */
export function fewPhotosWarning(
	editingFlow: EditingFlow,
	photos: number,
	known = `this project has ${photos}`,
): string | undefined {
	if (editingFlow !== 'I2I' || photos >= FEWEST_SMART_PHOTOS) return undefined;
	return `Smart Editing needs at least ${FEWEST_SMART_PHOTOS} photos, but ${known}. If the edit fails, add photos.`;
}

/** Warns at the node's output that a Smart Editing project may have too few photos. @param known as for `fewPhotosWarning` */
export function warnIfFewPhotos(
	context: IExecuteFunctions,
	project: ProjectRef,
	photos: number,
	known?: string,
): void {
	const warning = fewPhotosWarning(project.editingFlow, photos, known);
	if (warning) showHint(context, `Project ${projectLabel(project)}: ${warning}`);
}
