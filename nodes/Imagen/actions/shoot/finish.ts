import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { startExport } from '../../api/jobs';
import { isFinal } from '../../api/status';
import type { FileLink } from '../../api/types';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { waitUntilFinal, type WithReading } from '../../jobs/poll';
import { notFinished, requireCompleted, RESOURCE, waitForLinks } from '../../jobs/results';
import { startOnce } from '../../jobs/start';
import { matchResults } from '../../matching/match';
import { matchByName, type Match } from '../../matching/names';
import type { DownloadOutcome } from '../../transfer/download';
import type { Photo } from '../../transfer/sources';
import { toolsOf } from '../edit/editParameters';
import { fetchFiles } from '../jobOperations/resultFiles';
import type { CreatedProject } from '../project/createOrGet';
import { timeoutField } from '../shared/fields';
import { aggregateError, failedPart } from '../shared/aggregateError';
import type { BegunShoot } from './begin';
import { hintAndLog, reportJobProgress, reportProgress } from './progress';
import type { Results } from './shootFields';

/** A result file, or why it could not be fetched, with the photos it was made from. */
export type ShootFile = DownloadOutcome & { job: Job; match: Match };

/** The jobs whose files are wanted. */
export function wantedJobs(context: IExecuteFunctions): Job[] {
	const isSmart = context.getNodeParameter('editingFlow', 0) === 'I2I';
	const results = context.getNodeParameter(isSmart ? 'smartResults' : 'results', 0) as Results;
	const jobs: Record<Results, Job[]> = {
		none: [],
		edited: ['edit'],
		exported: ['export'],
		both: ['edit', 'export'],
	};
	return jobs[results];
}

/** One deadline for all that a run of the node waits for. */
interface Deadline {
	/** How long it was at the start. */
	minutes: number;
	/** As `Date.now()` gives it. */
	at: number;
}

/** The deadline of a run that begins now. */
export function deadlineOf(context: IExecuteFunctions): Deadline {
	const minutes = Number(
		context.getNodeParameter('options.timeoutMinutes', 0, timeoutField.default as number),
	);
	return { minutes, at: Date.now() + minutes * 60_000 };
}

/** A shoot with what was read of its job at the end of the wait. */
type AwaitedShoot = BegunShoot & { project: WithReading<CreatedProject> };

/** Waits for a job in all shoots together; what each came to is for `requireDone`. */
export async function waitForAll(
	context: IExecuteFunctions,
	job: Job,
	begun: BegunShoot[],
	deadline: Deadline,
): Promise<AwaitedShoot[]> {
	const projects = await waitUntilFinal(
		context,
		job,
		begun.map(({ project }) => project),
		Math.max(0, deadline.at - Date.now()),
		reportJobProgress(context, job, begun),
	);
	return begun.map((shoot, index) => ({ ...shoot, project: projects[index] }));
}

/** @throws NodeOperationError when a job is not Completed, or its reading's own error */
export function requireDone(
	context: IExecuteFunctions,
	job: Job,
	shoot: AwaitedShoot,
	{ minutes }: Deadline,
): BegunShoot {
	const { project } = shoot;
	const { state } = project.reading;
	if (state && !isFinal(state.status)) {
		const remedy = `Give it more time in 'Give Up After (Minutes)'. To get the results later, run the shoot again by its 'Project Name' with 'If Name Exists' set to Use Existing, or use ${RESOURCE[job]}: Download with this project: nothing is sent or billed again.`;
		throw notFinished(context, job, project, state, minutes, remedy);
	}
	requireCompleted(context, job, project);
	return shoot;
}

/** Sends an edited shoot to export, once. An edit that was sent again on purpose is exported again. */
export async function startExportOf(
	context: IExecuteFunctions,
	{ shoot, project }: BegunShoot,
): Promise<void> {
	const { ifAlreadySent = 'skip' } = shoot.options;
	await startOnce(context, 'export', project, ifAlreadySent, async () => await startExport(context, project));
	reportProgress(context, shoot, project.uuid, 'export started');
}

/** Fetches the results of the wanted jobs. */
export async function filesOf(
	context: IExecuteFunctions,
	begun: BegunShoot,
	jobs: Job[],
): Promise<ShootFile[]> {
	const files: ShootFile[] = [];
	for (const job of jobs) files.push(...(await filesOfJob(context, begun, job)));
	return files;
}

async function filesOfJob(context: IExecuteFunctions, begun: BegunShoot, job: Job): Promise<ShootFile[]> {
	const { shoot, project } = begun;
	const areMerged = Boolean(toolsOf(context, shoot.itemIndexes[0], shoot.editingFlow).hdrMerge);
	// Which photos a merge lacks cannot be known by the names of its results.
	const isWhole = (files: FileLink[]) => areMerged || missingIn(begun, files).length === 0;
	const links = await waitForLinks(context, job, project, isWhole);
	const resultNames = links.map(({ file_name }) => file_name);
	const matches = await matchResults(context, shoot.photos, resultNames, areMerged);
	const missing = areMerged
		? []
		: missingIn(begun, links).map((photo) => missingFile(context, begun, job, photo));
	checkMatches(context, begun, job, matches, areMerged);
	if (missing.length > 0 && !context.continueOnFail()) throw notAllThere(context, begun, job, missing);
	const outcomes = await fetchFiles(context, job, project, links, shoot.options.parallelDownloads);
	reportProgress(context, shoot, project.uuid, `${job} Completed, ${outcomes.length} files`);
	return [...outcomes.map((outcome, index) => ({ ...outcome, job, match: matches[index] })), ...missing];
}

/**
 * The photos that were edited and have no result in a list. Where no name fits, as of another shoot's results, only their number
 * says something.
 */
function missingIn(begun: BegunShoot, links: FileLink[]): Photo[] {
	const edited = editedPhotos(begun);
	const resultNames = links.map(({ file_name }) => file_name);
	const matched = new Set(matchByName(edited, resultNames).flatMap(({ photos }) => photos));
	const isNamedOtherwise = matched.size === 0 && links.length >= edited.length;
	return isNamedOtherwise || areOfOtherPhotos(begun, matched)
		? []
		: edited.filter((photo) => !matched.has(photo));
}

/** The photos of a shoot that arrived, and of which results are expected. */
function editedPhotos({ shoot, failed }: BegunShoot): Photo[] {
	const notArrived = new Set(failed.map(({ photo }) => photo));
	return shoot.photos.filter((photo) => !notArrived.has(photo));
}

/** Whether results of a project that was found by its name, already edited, fit none of the photos. */
function areOfOtherPhotos({ project, edit }: BegunShoot, matched: Set<Photo>): boolean {
	return matched.size === 0 && !edit.sent && !project.created;
}

function missingFile(
	context: IExecuteFunctions,
	{ project }: BegunShoot,
	job: Job,
	photo: Photo,
): ShootFile & { error: Error } {
	const error = new ImagenOperationError(
		context,
		`The ${job} of project ${project.uuid} has no result for '${photo.fileName}'`,
		'Look at the project in Imagen, or contact the Imagen support and name project and photo.',
		photo.itemIndex,
	);
	return { fileName: photo.fileName, error, job, match: { photos: [photo] } };
}

function notAllThere(
	context: IExecuteFunctions,
	{ shoot, project }: BegunShoot,
	job: Job,
	missing: Array<{ error: Error; match: Match }>,
) {
	const others = shoot.photos.length - missing.length;
	return aggregateError(context, {
		message: `The ${job} of project ${project.uuid} has no result for ${missing.length} of ${shoot.photos.length} photos`,
		done: [
			`To get the other ${others}, use ${RESOURCE[job]}: Download with this project: nothing is sent or billed again. To go on with them here, set 'On Error' in the node's settings to continue.`,
		],
		failures: missing.map(({ error, match }) => failedPart(error, match.photos[0].itemIndex)),
	});
}

/** A project found by its name may be that of other photos: their results must not pass for these photos'. */
function checkMatches(
	context: IExecuteFunctions,
	begun: BegunShoot,
	job: Job,
	matches: Match[],
	areMerged: boolean,
) {
	const { shoot, project } = begun;
	const matched = new Set(matches.flatMap(({ photos }) => photos));
	const without = editedPhotos(begun).filter((photo) => !matched.has(photo));
	if (without.length === 0) return;
	const names = without.map(({ fileName }) => `'${fileName}'`).join(', ');
	const message = `The ${job} of project ${project.uuid} has no result for ${without.length} of ${shoot.photos.length} photos: ${names}`;
	if (areOfOtherPhotos(begun, matched)) {
		throw new ImagenOperationError(
			context,
			`The project '${shoot.name}' was edited with other photos`,
			`Nothing was sent or billed. Choose another 'Project Name', or set 'If Name Exists' to Add Timestamp.\n${message}.`,
			shoot.itemIndexes[0],
		);
	}
	// Where some photos have their results and others none, that is an error of those photos.
	if (areMerged || matched.size === 0) hintAndLog(context, message);
}
