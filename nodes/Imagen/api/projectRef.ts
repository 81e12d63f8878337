import { quotedName } from '../errors/lists';

/**
 * How a project is edited, in the API's own words: `REGULAR` in the style of an AI Profile, `I2I` (image to image) by
 * Smart Editing, which needs no profile and gives JPEGs. A project has one editing flow from its creation on.
 */
export type EditingFlow = 'I2I' | 'REGULAR';

/** A project as it travels from its creation to its callback: what is needed to ask the API about it. */
export interface ProjectRef {
	uuid: string;
	/** Decides on which paths the API answers for it. */
	editingFlow: EditingFlow;
	/** Where it is known. */
	name?: string;
}

/** A project in a message: its name, where it is known. */
export const projectLabel = ({ uuid, name }: ProjectRef): string => (name ? quotedName(name) : uuid);

/** A project in an output. Its editing flow is there where it is not the usual one. */
export function projectJson({ uuid, editingFlow, name }: ProjectRef): {
	project_uuid: string;
	project_name?: string;
	project_source?: 'I2I';
} {
	return {
		project_uuid: uuid,
		...(name && { project_name: name }),
		...(editingFlow === 'I2I' && { project_source: editingFlow }),
	};
}

/** The editing flow of the project that an output names, by its `project_source`. */
export function editingFlowIn(json: { project_source?: unknown }): EditingFlow {
	return json.project_source === 'I2I' ? 'I2I' : 'REGULAR';
}

/** The project that an output, or a list of the API, names. */
export function projectRefOf(project: {
	project_uuid: string;
	project_name?: string;
	project_source?: unknown;
}): ProjectRef {
	const { project_uuid: uuid, project_name: name } = project;
	return { uuid, editingFlow: editingFlowIn(project), ...(name && { name }) };
}

/** A project's name as the API gets it, for the project and for looking it up: in one Unicode form, in which servers compare it. */
export const projectNameIn = (value: unknown): string =>
	(typeof value === 'number' || typeof value === 'string' ? String(value) : '').trim().normalize('NFC');
