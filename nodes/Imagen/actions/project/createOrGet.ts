import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { createdAtOf } from '../../api/createdAt';
import type { ProjectRef, EditingFlow } from '../../api/projectRef';
import { createProject, findDescription, findProject, isNameTaken, isNameValid } from '../../api/projects';
import { settle } from '../../api/settle';
import { isKnownStatus, isSynonym, toStatus } from '../../api/status';
import { hasUnknownOutcome, ImagenOperationError, statusCodeOf } from '../../errors/imagenErrors';
import { projectLeftEmpty, projectOfEarlierTurn, rememberCreated } from '../../jobs/ledger';
import { persistedRetryState } from '../../memory';

/** What to do when the account has a project of the name already. */
export type IfNameExists = 'addTimestamp' | 'fail' | 'useExisting';

/** What to do when the name of a project is taken. */
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
			description: 'Use the project that has this name',
		},
	],
	default: 'fail',
	description: 'What to do when the account already has a project with this name',
};

/** A project that is asked for. */
export interface ProjectRequest {
	/** Unique in the account; empty: Imagen names it. */
	name: string;
	editingFlow: EditingFlow;
	ifNameExists: IfNameExists;
	/** The item whose parameters ask for it. */
	itemIndex: number;
	/** Tells it from the others of this run. The same on each try of Retry On Fail, where the name may be another one: of its place in the input. */
	key: string;
	/** Whether the next turn of a loop goes on in a project that the node has created in an earlier one. */
	isForLoop?: boolean;
}

/** A project that was created, or found by its name. */
export interface CreatedProject extends ProjectRef {
	/** Whether this node run has created it. */
	created: boolean;
}

/**
 * Creates a project, or finds the one that has its name. A project that an earlier try of n8n's Retry On Fail has created or found is
 * taken, whatever its name is by now, not created again and not found in the way; so is one that an earlier execution has created and
 * left without photos.
 *
 * @throws NodeOperationError when the name is taken and `ifNameExists` is `fail`
 */
export async function createOrGetProject(
	context: IExecuteFunctions,
	{ name: wanted, editingFlow, ifNameExists, itemIndex, key, isForLoop = false }: ProjectRequest,
): Promise<CreatedProject> {
	const retryState = persistedRetryState<RetryState>(context, 'project', editingFlow, key);
	if (retryState.project) return retryState.project;
	// What an earlier try may have created has the name of that try.
	const name = retryState.unclear?.name ?? wanted;

	const ofLoop = isForLoop ? projectOfLoop(context, { name, editingFlow, ifNameExists }) : undefined;
	if (ofLoop) return (retryState.project = { ...ofLoop, created: false });

	const created = (project: ProjectRef): CreatedProject => {
		rememberCreated(context, project);
		return (retryState.project = { ...project, created: true });
	};
	const isRefused = editingFlow === 'I2I' && name !== '' && !(await isAccepted(context, name));
	if (!isRefused) {
		const triedAt = Date.now();
		const creation = await settle(async () => await createProject(context, editingFlow, name));
		if (creation.status === 'fulfilled') return created(creation.value);
		if (!isNameTaken(creation.reason)) {
			if (hasUnknownOutcome(creation.reason))
				retryState.unclear = { name, from: retryState.unclear?.from ?? triedAt, to: Date.now() };
			throw creation.reason;
		}
	}
	const leftEmpty = await projectToContinue(context, editingFlow, name);
	if (leftEmpty) {
		// Another execution may have taken it, or begun to upload to it, while the API was asked.
		const isStillLeft = projectLeftEmpty(context, editingFlow, name)?.uuid === leftEmpty.uuid;
		if (isStillLeft) return created(leftEmpty);
	}
	if (retryState.unclear) {
		const found = await findNamed(context, editingFlow, name);
		if (found && (await isUntouched(context, found, retryState.unclear))) return created(found);
	}

	switch (ifNameExists) {
		case 'useExisting': {
			const found = await findNamed(context, editingFlow, name);
			if (found) return (retryState.project = { ...found, created: false });
			throw isRefused ? nameRefused(context, name, itemIndex) : nameTakenElsewhere(context, name, itemIndex);
		}
		case 'addTimestamp':
			return created(await createDated(context, editingFlow, name));
		case 'fail':
			if (isRefused && !(await findNamed(context, editingFlow, name)))
				throw nameRefused(context, name, itemIndex);
			throw nameTaken(context, name, itemIndex);
	}
}

/** The project of a name that an earlier execution has created and left without photos: it is used whatever `ifNameExists` is. */
export async function projectToContinue(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): Promise<ProjectRef | undefined> {
	const leftEmpty = projectLeftEmpty(context, editingFlow, name);
	return leftEmpty && (await isUntouched(context, leftEmpty)) ? leftEmpty : undefined;
}

/** The project that the next turn of a loop goes on in: the one of its name, where an earlier turn has created it. */
export function projectOfLoop(
	context: IExecuteFunctions,
	{ name, editingFlow, ifNameExists }: Pick<ProjectRequest, 'editingFlow' | 'name'> & Partial<ProjectRequest>,
): ProjectRef | undefined {
	if (name === '' || ifNameExists === 'addTimestamp') return undefined;
	return projectOfEarlierTurn(context, editingFlow, name);
}

/** The project of a name, where the editing flow has one that is not archived: a name may be taken by another. */
async function findNamed(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): Promise<ProjectRef | undefined> {
	const search = await settle(async () => await findProject(context, editingFlow, name));
	if (search.status === 'fulfilled') return { ...search.value, name };
	if (statusCodeOf(search.reason) === 404) return undefined;
	throw search.reason;
}

/** Whether Imagen takes a name for a Smart Editing project, as far as it says so: where it does not, creating it will. */
async function isAccepted(context: IExecuteFunctions, name: string): Promise<boolean> {
	const check = await settle(async () => await isNameValid(context, name));
	return check.status === 'rejected' || check.value;
}

/** How far the clocks of Imagen and of this machine may be apart. Beyond that, Retry On Fail does not recognise its own project. */
const CLOCK_SKEW_MS = 10_000;

/** A span of time, in milliseconds as `Date.now()` gives them. */
interface Span {
	from: number;
	to: number;
}

/**
 * Whether nothing has happened in a project: it holds no photos, and nothing was started.
 *
 * @param createdIn when it must have been created besides; what does not say when it was, was not
 */
async function isUntouched(
	context: IExecuteFunctions,
	project: ProjectRef,
	createdIn?: Span,
): Promise<boolean> {
	const description = await findDescription(context, project);
	if (!description) return false;
	const { status, number_of_images } = description;
	// Nothing runs without photos: no word but a documented one shows that something was started.
	const wasStarted = isKnownStatus(status) && !isSynonym(status) && toStatus(status) !== 'Pending';
	if (number_of_images !== 0 || wasStarted) return false;
	return !createdIn || isWithin(createdIn, createdAtOf(description));
}

const isWithin = ({ from, to }: Span, time = NaN) =>
	time >= from - CLOCK_SKEW_MS && time <= to + CLOCK_SKEW_MS;

/** What the tries of one run of the node know of a project. */
interface RetryState {
	/** The name of the project, and from the first to the end of the last try that may have created it although no answer came. */
	unclear: Span & { name: string };
	project: CreatedProject;
}

/** As many projects of one name as are made in a second, by a loop or by executions at the same time. */
const MOST_DATED = 20;

/** Creates a project with date and time after the name, and a number where another one has taken that in the same second. */
async function createDated(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): Promise<ProjectRef> {
	const dated = `${name} ${timestamp(context.getTimezone())}`;
	for (let number = 1; ; number++) {
		const tried = number === 1 ? dated : `${dated} (${number})`;
		const creation = await settle(async () => await createProject(context, editingFlow, tried));
		if (creation.status === 'fulfilled') return creation.value;
		if (!isNameTaken(creation.reason) || number === MOST_DATED) throw creation.reason;
	}
}

/** Date and time for a name: in the workflow's time zone, sortable, without what file systems forbid. */
function timestamp(timeZone: string): string {
	return new Date().toLocaleString('sv-SE', { timeZone }).replace(/:/g, '.');
}

function nameRefused(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new ImagenOperationError(
		context,
		`Imagen AI does not accept '${name}' as the name of a Smart Editing project`,
		"Choose another name, or set 'If Name Exists' to Add Timestamp. The name may belong to a project of the other editing flow (AI Profile) or to an archived one. Nothing was uploaded or billed.",
		itemIndex,
	);
}

function nameTakenElsewhere(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new ImagenOperationError(
		context,
		`The name '${name}' is taken, but not by a project that this node can use`,
		"Choose another name, or set 'If Name Exists' to Add Timestamp. The name belongs to a project of the other editing flow (AI Profile or Smart Editing) or to an archived one. To continue with an archived project, restore it in Imagen. Nothing was uploaded or billed.",
		itemIndex,
	);
}

function nameTaken(context: IExecuteFunctions, name: string, itemIndex: number) {
	return new ImagenOperationError(
		context,
		`A project named '${name}' already exists`,
		"Choose another name, or set 'If Name Exists' to Use Existing (to continue with that project) or to Add Timestamp. Nothing was uploaded or billed.",
		itemIndex,
	);
}
