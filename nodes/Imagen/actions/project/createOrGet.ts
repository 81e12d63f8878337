import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { ImagenApiError, ImagenOperationError } from '../../errors/imagenErrors';
import { mayHaveBeenDone } from '../../errors/failure';
import { createProject, findProjectUuid, isNameTaken } from '../../api/projects';
import { settle } from '../../api/settle';
import type { ProjectRef, ProjectSource } from '../../api/editingFlow';
import { savedTries } from '../../memory/execution';

/** What to do when the account has a project of the name already. */
export type IfNameExists = 'addTimestamp' | 'fail' | 'useExisting';

export const ifNameExistsField: INodeProperties = {
	displayName: 'If Name Exists',
	name: 'ifNameExists',
	type: 'options',
	options: [
		{
			name: 'Add Timestamp',
			value: 'addTimestamp',
			description: 'Create another project, with date and time after the name',
		},
		{
			name: 'Fail',
			value: 'fail',
			description: 'Stop with an error',
		},
		{
			name: 'Use Existing',
			value: 'useExisting',
			description: 'Go on with the project that has this name',
		},
	],
	default: 'fail',
	description: 'What to do when the account has a project of this name already',
};

/** A project that is asked for. */
export interface ProjectWish {
	/** Unique in the account; empty: Imagen names it. */
	name: string;
	source: ProjectSource;
	ifNameExists: IfNameExists;
	/** The item whose parameters ask for it. */
	itemIndex: number;
	/** Tells apart what has no name of its own; the name if left out. */
	key?: string;
}

/** A project that was created, or found by its name. */
export interface OpenedProject extends ProjectRef {
	name?: string;
	created: boolean;
}

/**
 * Creates a project, or finds the one that has its name. A project that an earlier try of n8n's Retry On Fail has created is
 * taken, not created again and not found in the way.
 *
 * @throws NodeOperationError when the name is taken and `ifNameExists` is `fail`
 */
export async function openProject(
	context: IExecuteFunctions,
	{ name, source, ifNameExists, itemIndex, key = name }: ProjectWish,
): Promise<OpenedProject> {
	const memory = savedTries<Tries>(context, 'project', key);
	if (memory.opened) return memory.opened;

	const creation = await settle(async () => await createProject(context, source, name));
	if (creation.status === 'fulfilled') {
		return (memory.opened = { ...creation.value, ...(name && { name }), created: true });
	}
	if (!isNameTaken(creation.reason)) {
		memory.mayExist = isUnclear(creation.reason);
		throw creation.reason;
	}
	if (memory.mayExist) return (memory.opened = await existing(context, source, name, true));

	switch (ifNameExists) {
		case 'useExisting':
			return await existing(context, source, name, false);
		case 'addTimestamp': {
			const dated = `${name} ${timestamp(context.getTimezone())}`;
			const project = await createProject(context, source, dated);
			return (memory.opened = { ...project, name: dated, created: true });
		}
		case 'fail':
			throw nameTaken(context, name, itemIndex);
	}
}

async function existing(
	context: IExecuteFunctions,
	source: ProjectSource,
	name: string,
	created: boolean,
): Promise<OpenedProject> {
	return { uuid: await findProjectUuid(context, source, name), source, name, created };
}

const isUnclear = (error: unknown) => error instanceof ImagenApiError && mayHaveBeenDone(error.failure);

/** What the tries of one run of the node know of a project. */
interface Tries {
	/** Whether an earlier try may have created it, and only the answer was lost. */
	mayExist: boolean;
	opened: OpenedProject;
}

/** Date and time for a name: in the workflow's time zone, sortable, without what file systems forbid. */
function timestamp(timeZone: string): string {
	return new Date().toLocaleString('sv-SE', { timeZone }).replace(/:/g, '.');
}

function nameTaken(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new ImagenOperationError(context.getNode(), `A project named '${name}' exists already`, {
		itemIndex,
		description:
			"Choose another name, or set 'If Name Exists' to Use Existing (to go on with that project) or to Add Timestamp.",
	});
}
