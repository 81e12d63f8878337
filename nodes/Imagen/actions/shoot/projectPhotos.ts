import type { IExecuteFunctions } from 'n8n-workflow';

import { pause } from '../../api/pause';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { findDescription } from '../../api/projects';
import { cancelSignalOf } from '../../api/request';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted, firstNames } from '../../errors/lists';
import { isCreatedHere, knownPhotos, photosOfEarlierTurns, photosOfOthers } from '../../jobs/ledger';
import { pollIntervalMs } from '../../jobs/poll';
import type { Photo } from '../../transfer/sources';
import { allFindings, countPlaces } from '../shared/aggregateError';
import { checkPhotos, type PhotoFinding } from '../shared/inputPhotos';
import { recognizeOthers } from '../shared/knownPhotos';
import type { CheckedShoot, OpenShoot } from './shoots';

/** A shoot whose photos have the names that they have in its project, or get there. */
export interface NamedShoot extends OpenShoot {
	/** What keeps photos from being uploaded to it. */
	findings: PhotoFinding[];
}

/** Compares a shoot with what other executions have uploaded to its project: the same photos keep their names, and others do not replace them. */
export async function withNamesThere(
	context: IExecuteFunctions,
	{ shoot, project }: OpenShoot,
): Promise<NamedShoot> {
	if (photosOfOthers(context, project).length === 0) return { shoot, project, findings: [] };
	const options = { ...shoot.options, ifMixed: 'fail' as const };
	const originals = shoot.photos.map((photo) => ({ ...photo, fileName: photo.originalFileName }));
	const turns = photosOfEarlierTurns(context, project);
	const { files, ...before } = await recognizeOthers(context, originals, project, options, turns);
	const taken = turns.map(({ fileName }) => fileName);
	const { photos, findings } = checkPhotos(context, files, options, { ...before, taken });
	return findings.length > 0
		? { shoot, project, findings }
		: { shoot: { ...shoot, photos }, project, findings };
}

/**
 * Looks at the project before anything is uploaded to it.
 *
 * @returns how many photos Imagen counts in it that n8n does not know: they may be of the shoot
 * @throws NodeOperationError when it surely holds others than those of the shoot, or when others would be replaced
 */
export async function requireRoom(
	context: IExecuteFunctions,
	{ shoot, project, findings }: NamedShoot,
): Promise<number> {
	if (findings.length > 0) {
		const message = `${countPlaces(findings)} can't be uploaded to project ${projectLabel(project)}`;
		throw allFindings(context, findings, message, 'Nothing was uploaded or billed.');
	}
	const others = othersIn(context, shoot, project);
	if (others.length > 0) throw otherPhotosThere(context, shoot, project, others);
	if (isCreatedHere(context, project)) return 0;
	const number = (await findDescription(context, project))?.number_of_images ?? 0;
	const ofShoot = namesOf(context, shoot, project).size;
	if (number > ofShoot)
		throw tooManyThere(
			context,
			shoot,
			project,
			shoot.photos.length,
			number,
			'Nothing was uploaded or billed:',
		);
	return Math.max(number - knownPhotos(context, project).photos.length, 0);
}

/** The names that a shoot has in its project, with those of earlier turns of a loop. */
const namesOf = (context: IExecuteFunctions, { photos }: CheckedShoot, project: ProjectRef) =>
	new Set([...photos, ...photosOfEarlierTurns(context, project)].map(({ fileName }) => fileName));

/** The photos of a project that are known not to be of the shoot. */
function othersIn(context: IExecuteFunctions, shoot: CheckedShoot, project: ProjectRef): string[] {
	const ofShoot = namesOf(context, shoot, project);
	const names = knownPhotos(context, project).photos.map(({ fileName }) => fileName);
	return names.filter((fileName) => !ofShoot.has(fileName));
}

/**
 * The edit bills all photos of the project, also those that somebody else has put there.
 *
 * @param photos those of the shoot that have arrived
 * @throws NodeOperationError when it holds others than those of the shoot, or may hold them
 */
export async function requireNothingElse(
	context: IExecuteFunctions,
	shoot: CheckedShoot,
	project: ProjectRef,
	photos: Photo[],
): Promise<void> {
	const { photos: known, areAll } = knownPhotos(context, project);
	// One that an earlier execution has uploaded is there, although it has failed now.
	const there = new Set([...photos, ...known].map(({ fileName }) => fileName)).size;
	const tooMany = (number: number) =>
		tooManyThere(context, shoot, project, photos.length, number, 'No edit was started:');
	if (othersIn(context, shoot, project).length > 0) throw tooMany(there);
	if (isCreatedHere(context, project)) return;
	const number = await numberOnceCounted(context, project, there);
	if (number === undefined) return;
	if (number > there) throw tooMany(number);
	if (number < there && !areAll) throw notCounted(context, shoot, project, photos, number);
}

/** How long Imagen may take to count the photos that have just arrived. */
const COUNTED_AFTER_MS = 60_000;

/** How many photos Imagen counts in a project, when those that have just arrived are among them or the time is over; undefined where it does not say. */
async function numberOnceCounted(
	context: IExecuteFunctions,
	project: ProjectRef,
	arrived: number,
): Promise<number | undefined> {
	const deadline = Date.now() + COUNTED_AFTER_MS;
	for (let poll = 1; ; poll++) {
		const number = (await findDescription(context, project))?.number_of_images;
		const left = deadline - Date.now();
		if (number === undefined || number >= arrived || left <= 0) return number;
		await pause(Math.min(pollIntervalMs(poll), left), cancelSignalOf(context));
	}
}

/** @param done that no edit was started */
function tooManyThere(
	context: IExecuteFunctions,
	{ itemIndexes }: CheckedShoot,
	project: ProjectRef,
	ofShoot: number,
	number: number,
	done: string,
) {
	return new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} has ${counted(number)} photos, but the shoot has ${counted(ofShoot)}`,
		`${otherProject(project)} ${done} you would be billed for all ${counted(number)} photos.`,
		itemIndexes[0],
	);
}

const otherProject = (project: ProjectRef) =>
	`Set 'If Name Exists' to Add Timestamp for a separate project, or start the edit of project ${projectLabel(project)} with Start edit.`;

const otherPhotosThere = (
	context: IExecuteFunctions,
	{ itemIndexes }: CheckedShoot,
	project: ProjectRef,
	others: string[],
) =>
	new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} has photos that are not in the shoot: ${firstNames(others)}`,
		`${otherProject(project)} Nothing was uploaded or billed: you would be billed for these photos, too.`,
		itemIndexes[0],
	);

function notCounted(
	context: IExecuteFunctions,
	{ itemIndexes }: CheckedShoot,
	project: ProjectRef,
	photos: Photo[],
	number: number,
) {
	return new ImagenOperationError(
		context,
		`Imagen counts ${counted(number)} photos in project ${projectLabel(project)}, but ${counted(photos.length)} were uploaded`,
		"Run the workflow again in a few minutes. No edit was started: someone else's photos may be in the project, and you would be billed for them.",
		itemIndexes[0],
	);
}
