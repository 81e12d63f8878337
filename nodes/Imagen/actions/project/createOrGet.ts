import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ProjectRef, EditingFlow } from '../../api/projectRef';
import { createProject, findProject, isNameTaken } from '../../api/projects';
import { settle } from '../../api/settle';
import { hasUnknownOutcome, ImagenOperationError } from '../../errors/imagenErrors';
import { persistedRetryState } from '../../memory';

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
export interface ProjectRequest {
	/** Unique in the account; empty: Imagen names it. */
	name: string;
	editingFlow: EditingFlow;
	ifNameExists: IfNameExists;
	/** The item whose parameters ask for it. */
	itemIndex: number;
	/** Distinguishes requests without a name; the name if left out. */
	key?: string;
}

/** A project that was created, or found by its name. */
export interface CreatedProject extends ProjectRef {
	/** Whether this node run has created it. */
	created: boolean;
}

/**
 * Creates a project, or finds the one that has its name. A project that an earlier try of n8n's Retry On Fail has created is
 * taken, not created again and not found in the way.
 *
 * @throws NodeOperationError when the name is taken and `ifNameExists` is `fail`
 */
export async function createOrGetProject(
	context: IExecuteFunctions,
	{ name, editingFlow, ifNameExists, itemIndex, key = name }: ProjectRequest,
): Promise<CreatedProject> {
	const retryState = persistedRetryState<RetryState>(context, 'project', key);
	if (retryState.project) return retryState.project;

	const creation = await settle(async () => await createProject(context, editingFlow, name));
	if (creation.status === 'fulfilled') {
		return (retryState.project = { ...creation.value, created: true });
	}
	if (!isNameTaken(creation.reason)) {
		retryState.mayExist = hasUnknownOutcome(creation.reason);
		throw creation.reason;
	}
	const existing = async () => ({ ...(await findProject(context, editingFlow, name)), name });
	if (retryState.mayExist) return (retryState.project = { ...(await existing()), created: true });

	switch (ifNameExists) {
		case 'useExisting':
			return { ...(await existing()), created: false };
		case 'addTimestamp': {
			const dated = `${name} ${timestamp(context.getTimezone())}`;
			return (retryState.project = {
				...(await createProject(context, editingFlow, dated)),
				created: true,
			});
		}
		case 'fail':
			throw nameTaken(context, name, itemIndex);
	}
}

/** What the tries of one run of the node know of a project. */
interface RetryState {
	/** Whether an earlier try may have created it, and only the answer was lost. */
	mayExist: boolean;
	project: CreatedProject;
}

/** Date and time for a name: in the workflow's time zone, sortable, without what file systems forbid. */
function timestamp(timeZone: string): string {
	return new Date().toLocaleString('sv-SE', { timeZone }).replace(/:/g, '.');
}

function nameTaken(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new ImagenOperationError(
		context,
		`A project named '${name}' exists already`,
		"Choose another name, or set 'If Name Exists' to Use Existing (to go on with that project) or to Add Timestamp.",
		itemIndex,
	);
}
