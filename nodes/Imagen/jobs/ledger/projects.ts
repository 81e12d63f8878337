import type { IExecuteFunctions } from 'n8n-workflow';

import type { EditingFlow, ProjectRef } from '../../api/projectRef';
import type { ApiContext } from '../../api/types';
import { executionRecords, recentRecords, uploadsUnderWay, wasStored } from '../../memory';
import {
	isEarlierTurn,
	isExecution,
	keep,
	merged,
	ownRecord,
	photosOf,
	runOf,
	share,
	sharedRecord,
	uuidIn,
	type ProjectRecord,
	type SharedRecord,
} from './records';

/** Writes down that this execution has created a project, or goes on in one that was left empty. */
export function rememberCreated(context: IExecuteFunctions, project: ProjectRef): void {
	const createdBy = String(context.getExecutionId());
	const { name, editingFlow } = project;
	keep(context, project, { createdBy, createdIn: runOf(context), editingFlow, ...(name && { name }) });
	const isByHand = context.getMode() === 'manual';
	share(context, project, (record) => Object.assign(record, { createdBy, name, editingFlow, isByHand }));
}

/** The project of a name that this node has created in an earlier turn of a loop. */
export function projectOfEarlierTurn(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): ProjectRef | undefined {
	const found = Object.entries(executionRecords<ProjectRecord>(context)).find(
		([key, record]) =>
			uuidIn(key) !== undefined &&
			record?.name === name &&
			record.editingFlow === editingFlow &&
			isEarlierTurn(context, record.createdIn),
	);
	return found && { uuid: uuidIn(found[0]) as string, editingFlow, name };
}

/** What a project is called, as far as it is known; empty where the API was asked and gave no name. */
export function knownName(context: IExecuteFunctions, project: ProjectRef): string | undefined {
	return project.name ?? ownRecord(context, project).name ?? sharedRecord(context, project)?.name;
}

/** Writes down what a project is called, for the other nodes of this execution. */
export function rememberName(context: IExecuteFunctions, project: ProjectRef, name: string): void {
	keep(context, project, { name });
}

/** Whether this execution has created a project, so that nobody else has started anything in it. */
export function isCreatedHere(context: ApiContext, project: ProjectRef): boolean {
	return isExecution(context) && ownRecord(context, project).createdBy !== undefined;
}

/** The project of a name that an earlier execution has created, and has ended without a photo in it. */
export function projectLeftEmpty(
	context: IExecuteFunctions,
	editingFlow: EditingFlow,
	name: string,
): ProjectRef | undefined {
	const uuid = recentRecords<SharedRecord>(context, merged).find(
		([key, record]) =>
			record.name === name && record.editingFlow === editingFlow && isLeftEmpty(context, key, record),
	)?.[0];
	return uuid === undefined ? undefined : { uuid, editingFlow, name };
}

function isLeftEmpty(context: IExecuteFunctions, uuid: string, record: SharedRecord): boolean {
	// The editor runs a workflow once at a time.
	const isByHand = record.isByHand === true && context.getMode() === 'manual';
	const hasEnded = isByHand || wasStored(context, uuid, record);
	const hasPhotos = uploadsUnderWay(uuid) > 0 || photosOf(record.uploads ?? []).length > 0;
	const isUnused = !record.edit && !hasPhotos;
	return hasEnded && isUnused && record.createdBy !== context.getExecutionId();
}

/** Whether another execution has gone on in a project that this one has created and left without photos for too long. */
export function isTakenOver(context: IExecuteFunctions, project: ProjectRef): boolean {
	const { createdBy } = ownRecord(context, project);
	const latest = sharedRecord(context, project)?.createdBy;
	return createdBy !== undefined && latest !== undefined && latest !== createdBy;
}

/** Whether all is known that these nodes, in whichever execution, have done in a project. */
export function isKnownFromStart(context: IExecuteFunctions, project: ProjectRef): boolean {
	return isCreatedHere(context, project) || sharedRecord(context, project)?.createdBy !== undefined;
}
