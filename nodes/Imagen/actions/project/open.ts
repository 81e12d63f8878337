import { NodeOperationError, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import { ImagenApiError } from '../../api/errors';
import { mayHaveBeenDone } from '../../api/failure';
import { createProject, findProjectUuid, isNameTaken } from '../../api/projects';
import { settle } from '../../api/settle';

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
	ifNameExists: IfNameExists;
	/** The item whose parameters ask for it. */
	itemIndex: number;
	/** Tells apart what has no name of its own; the name if left out. */
	key?: string;
}

/** A project to work on, as outputs tell it. */
export type OpenedProject = { project_uuid: string; name?: string; created: boolean };

/**
 * Creates a project, or finds the one that has its name. A project that an earlier try of n8n's Retry On Fail has created is
 * taken, not created again and not found in the way.
 *
 * @throws NodeOperationError when the name is taken and `ifNameExists` is `fail`
 */
export async function openProject(
	context: IExecuteFunctions,
	{ name, ifNameExists, itemIndex, key = name }: ProjectWish,
): Promise<OpenedProject> {
	const memory = triesMemory(context, key);
	if (memory.project) return memory.project;

	const creation = await settle(async () => await createProject(context, name));
	if (creation.status === 'fulfilled') {
		return (memory.project = { ...creation.value, ...(name && { name }), created: true });
	}
	if (!isNameTaken(creation.reason)) {
		memory.mayExist = isUnclear(creation.reason);
		throw creation.reason;
	}
	if (memory.mayExist) return (memory.project = await existing(context, name, true));

	switch (ifNameExists) {
		case 'useExisting':
			return await existing(context, name, false);
		case 'addTimestamp': {
			const dated = `${name} ${timestamp(context.getTimezone())}`;
			return (memory.project = { ...(await createProject(context, dated)), name: dated, created: true });
		}
		case 'fail':
			throw nameTaken(context, name, itemIndex);
	}
}

async function existing(context: IExecuteFunctions, name: string, created: boolean): Promise<OpenedProject> {
	return { project_uuid: await findProjectUuid(context, name), name, created };
}

const isUnclear = (error: unknown) => error instanceof ImagenApiError && mayHaveBeenDone(error.failure);

/** What the tries of one run of the node know of a project. */
interface TriesMemory {
	/** Whether an earlier try may have created it, and only the answer was lost. */
	mayExist?: boolean;
	project?: OpenedProject;
}

/** n8n's execution context outlives the tries of Retry On Fail; the run's number tells the turns of a loop apart. */
function triesMemory(context: IExecuteFunctions, key: string): TriesMemory {
	const memory = context.getContext('node') as Record<string, TriesMemory | undefined>;
	return (memory[`project:${String(context.evaluateExpression('{{ $runIndex }}', 0))}:${key}`] ??= {});
}

/** Date and time for a name: in the workflow's time zone, sortable, without what file systems forbid. */
function timestamp(timeZone: string): string {
	return new Date().toLocaleString('sv-SE', { timeZone }).replace(/:/g, '.');
}

function nameTaken(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new NodeOperationError(context.getNode(), `A project named '${name}' exists already`, {
		itemIndex,
		description:
			"Choose another name, or set 'If Name Exists' to Use Existing (to go on with that project) or to Add Timestamp.",
	});
}
