import type { IExecuteFunctions } from 'n8n-workflow';

import type { ProjectRef, EditingFlow } from '../../api/projectRef';
import { showHint } from './hints';

/** What clients say that Smart Editing needs; no official document does, so it is told and not enforced. */
const FEWEST_PHOTOS = 5;

/** What to tell about a project with so many photos; undefined if all is well. */
export function fewPhotosWarning(editingFlow: EditingFlow, photos: number): string | undefined {
	if (editingFlow !== 'I2I' || photos >= FEWEST_PHOTOS) return undefined;
	return `Smart Editing is said to need at least ${FEWEST_PHOTOS} photos, and here are ${photos}. If the edit fails, add photos.`;
}

/** Tells at the node's output that a Smart Editing project may have too few photos. */
export function hintIfFew(
	context: IExecuteFunctions,
	{ uuid, editingFlow }: ProjectRef,
	photos: number,
): void {
	const warning = fewPhotosWarning(editingFlow, photos);
	if (warning) showHint(context, `Project ${uuid}: ${warning}`);
}
