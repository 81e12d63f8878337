/**
 * How a project is edited, in the API's own words: `REGULAR` in the style of an AI Profile, `I2I` (image to image) by
 * Smart Editing, which needs no profile and gives JPEGs. A project is of one kind from its creation on.
 */
export type EditingFlow = 'I2I' | 'REGULAR';

/** A project to work on: its ID, and the kind that decides where the API answers for it. */
export interface ProjectRef {
	uuid: string;
	editingFlow: EditingFlow;
}

/** What outputs tell of a project. Its kind is told where it is not the usual one. */
export function projectJson({ uuid, editingFlow }: ProjectRef): {
	project_uuid: string;
	project_source?: 'I2I';
} {
	return { project_uuid: uuid, ...(editingFlow === 'I2I' && { project_source: editingFlow }) };
}

/** The project that an output names: `projectJson` read back. */
export function refIn(json: { project_uuid: string; project_source?: unknown }): ProjectRef {
	return { uuid: json.project_uuid, editingFlow: editingFlowIn(json) };
}

/** The kind of project that an output names, by its `project_source`. */
export function editingFlowIn(json: { project_source?: unknown }): EditingFlow {
	return json.project_source === 'I2I' ? 'I2I' : 'REGULAR';
}
