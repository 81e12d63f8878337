import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { startExport } from '../../api/jobs';
import { projectLabel, type ProjectRef } from '../../api/projectRef';
import { isFinal } from '../../api/status';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted, firstNames, quantity } from '../../errors/lists';
import { stoppedBy } from '../../api/request';
import { waitUntilFinal } from '../../jobs/poll';
import { isCreatedHere, knownPhotos, knownStart } from '../../jobs/ledger';
import { notFinished, requireCompleted, resultsOfPhotos, type Results } from '../../jobs/results';
import { startOnce } from '../../jobs/start';
import { matchResults } from '../../matching/match';
import { matchLastPair, type Match } from '../../matching/names';
import type { DownloadOutcome } from '../../transfer/download';
import { nameKey, uniqueNames } from '../../transfer/fileNames';
import type { Photo } from '../../transfer/sources';
import { toolsOf } from '../edit/editParameters';
import { fetchFiles, requireWhole } from '../jobOperations/resultFiles';
import { msOf } from '../shared/giveUpAfter';
import { hintAndLog } from '../shared/hints';
import { arrivedPhotos, type BegunShoot } from './begin';
import { reportJobProgress, reportProgress } from './progress';

/** A result file, or why it could not be fetched, with the photos it was made from. */
export type ShootFile = DownloadOutcome & {
	job: Job;
	match: Match;
	/** Imagen's own name, which need not be safe to write. */
	ownName: string;
};

/** One that was fetched. */
export type FetchedFile = Extract<ShootFile, { binary: unknown }>;

export const isFetched = (file: ShootFile): file is FetchedFile => 'binary' in file;

/** One deadline for all that a run of the node waits for. */
interface Deadline {
	/** How long it was at the start. */
	minutes: number;
	/** As `Date.now()` gives it. */
	at: number;
}

/** The deadline of a wait that begins now. */
export const deadlineAfter = (minutes: number): Deadline => ({ minutes, at: Date.now() + msOf(minutes) });

/**
 * Waits for a job of a shoot.
 *
 * @param stop ends the wait
 * @throws NodeOperationError when the job is not Completed, or its reading's own error
 */
export async function waitFor(
	context: IExecuteFunctions,
	job: Job,
	shoot: BegunShoot,
	{ minutes, at }: Deadline,
	stop: AbortSignal,
): Promise<BegunShoot> {
	const timeoutMs = Math.max(0, at - Date.now());
	const onPoll = reportJobProgress(context, job, shoot);
	const [project] = await waitUntilFinal(stoppedBy(context, stop), job, [shoot.project], timeoutMs, onPoll);
	stop.throwIfAborted();
	const { state } = project.reading;
	if (state && !isFinal(state.status)) {
		const remedy = `Get the results later with Download ${job}ed photos, or add the option 'Give Up After (Minutes)', allow more time and run this node again.`;
		throw notFinished(context, job, project, state, minutes, remedy);
	}
	requireCompleted(context, job, project);
	return { ...shoot, project };
}

/** Sends an edited shoot to export, once. An edit that was sent again on purpose is exported again. */
export async function startExportOf(
	context: IExecuteFunctions,
	{ shoot, project }: BegunShoot,
): Promise<void> {
	const { ifAlreadyStarted = 'skip' } = shoot.options;
	const send = async () => await startExport(context, project);
	// The option of this node would start the edit again, too.
	const howToStartAgain = "run Start export with 'If Already Started' set to Start Again, not this node";
	await startOnce(context, { job: 'export', project, ifAlreadyStarted, howToStartAgain, send });
	reportProgress(context, shoot, project.uuid, 'export started');
}

/** Fetches the results of the wanted jobs. */
export async function filesOf(
	context: IExecuteFunctions,
	begun: BegunShoot,
	jobs: Job[],
): Promise<ShootFile[]> {
	const files: ShootFile[] = [];
	for (const job of jobs) {
		const edited = files.filter((file) => file.job === 'edit').length;
		files.push(...(await filesOfJob(context, begun, job, edited)));
	}
	return files;
}

/**
 * Files that go to one folder must not overwrite each other there, as the exports of a RAW photo and of the JPEG beside it would, or a JPEG
 * that was edited and its export. The export keeps its name, by which Retouch knows it.
 *
 * @param taken the names of the files before
 */
export function withOwnNames(files: ShootFile[], taken: string[]): ShootFile[] {
	const isExport = ({ job }: ShootFile) => job === 'export';
	const fetched = files
		.filter(isFetched)
		.sort((one, other) => Number(isExport(other)) - Number(isExport(one)));
	const names = uniqueNames([...taken, ...fetched.map(({ fileName }) => fileName)], nameKey).slice(
		taken.length,
	);
	const nameOf = new Map<ShootFile, string>(fetched.map((file, index) => [file, names[index]]));
	return files.map((file) => {
		const fileName = nameOf.get(file);
		if (!isFetched(file) || !fileName || fileName === file.fileName) return file;
		return { ...file, fileName, binary: { ...file.binary, fileName } };
	});
}

/** @param edited how many results of the edit were found before; 0 where they are not wanted */
async function filesOfJob(
	context: IExecuteFunctions,
	begun: BegunShoot,
	job: Job,
	edited: number,
): Promise<ShootFile[]> {
	const { shoot, project } = begun;
	const areMerged = Boolean(toolsOf(context, shoot.parameterItems, shoot.editingFlow).hdrMerge);
	const photos = arrivedPhotos(begun);
	const isOfThese = isKnownToBeOfThese(context, begun) && holdsNoOthers(context, project, photos);
	// Of each merge there is one export: how many merges there are is known already.
	const expected =
		areMerged && edited > 0
			? { photos: [], number: edited, areMerged: false, isOfThese }
			: { photos, number: photos.length, areMerged, isOfThese };
	const results = await resultsOfPhotos(context, job, project, expected);
	const resultNames = results.links.map(({ file_name }) => file_name);
	// What did not arrive is in no merge. A result of its name, though, is of what an earlier run uploaded.
	const candidates = areMerged ? photos : shoot.photos;
	const found = await matchResults(candidates, resultNames, areMerged);
	const matches = isOfThese && !areMerged ? matchLastPair(found, photos) : found;
	const isRenamed = isOfThese && !areMerged && matches.some((match) => match.photos.length === 0);
	if (isRenamed) hintAtRenamed(context, begun, job, matches, results);
	else checkUnmatched(context, begun, job, matches, results);
	const failures = requireWhole(context, job, project, results);
	// In a project of others, what fits none of the shoot's photos is theirs.
	const wanted = matches.flatMap((match, index) =>
		isOfThese || match.photos.length > 0 ? [{ match, link: results.links[index] }] : [],
	);
	const links = wanted.map(({ link }) => link);
	const outcomes = await fetchFiles(context, job, project, links, shoot.options.parallelDownloads);
	reportProgress(context, shoot, project.uuid, `${job} Completed, ${quantity(outcomes.length, 'file')}`);
	return [
		...outcomes.map((outcome, index) => ({
			...outcome,
			job,
			match: wanted[index].match,
			ownName: links[index].file_name,
		})),
		...failures.map(({ photo, error }) => missingFile(job, photo, error)),
	];
}

/** Whether the edit is surely of the shoot's photos: an execution that is known has sent it, or nobody else can have. */
const isKnownToBeOfThese = (context: IExecuteFunctions, { project }: BegunShoot) =>
	isCreatedHere(context, project) || knownStart(context, 'edit', project) !== undefined;

/** Whether a project is known to hold these photos and no others. */
function holdsNoOthers(context: IExecuteFunctions, project: ProjectRef, photos: Photo[]): boolean {
	const { photos: known, areAll } = knownPhotos(context, project);
	const names = new Set(photos.map(({ fileName }) => fileName));
	return areAll && known.length === names.size && known.every(({ fileName }) => names.has(fileName));
}

function missingFile(job: Job, photo: Photo | undefined, error: Error): ShootFile {
	const fileName = photo?.fileName ?? '';
	return { fileName, ownName: fileName, error, job, match: { photos: photo ? [photo] : [] } };
}

/** Results of the shoot's photos that have other names than these. */
function hintAtRenamed(
	context: IExecuteFunctions,
	{ project }: BegunShoot,
	job: Job,
	matches: Match[],
	{ links }: Results<Photo>,
) {
	const renamed = links.filter((_, index) => matches[index].photos.length === 0);
	const names = firstNames(renamed.map(({ file_name }) => file_name));
	const message = `${quantity(renamed.length, 'result')} of the ${job} of project ${projectLabel(project)} can't be matched to photos by name: ${names}`;
	hintAndLog(context, message);
}

/** Where results of an edit of unknown photos fit none of the shoot, they are of others; else it is merely not known what they were made from. */
function checkUnmatched(
	context: IExecuteFunctions,
	begun: BegunShoot,
	job: Job,
	matches: Match[],
	{ missing }: Results<Photo>,
) {
	const { shoot, project } = begun;
	const known = new Set([...matches.flatMap(({ photos }) => photos), ...missing]);
	const without = arrivedPhotos(begun).filter((photo) => !known.has(photo));
	if (without.length === 0) return;
	const names = firstNames(without.map(({ fileName }) => fileName));
	const message = `The ${job} of project ${projectLabel(project)} has no result for ${counted(without.length)} of ${counted(shoot.photos.length)} photos: ${names}`;
	if (known.size > 0 || isKnownToBeOfThese(context, begun)) return hintAndLog(context, message);
	throw new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} was edited with other photos`,
		`Choose another 'Project Name', or set 'If Name Exists' to Add Timestamp. Nothing was sent or billed.\n${message}.`,
		shoot.itemIndexes[0],
	);
}
