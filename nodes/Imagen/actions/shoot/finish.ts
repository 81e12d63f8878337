import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { startExport } from '../../api/jobs';
import { isFinal } from '../../api/status';
import type { DownloadOutcome } from '../../transfer/download';
import type { Match } from '../../matching/match';
import { waitUntilFinal, type Reading } from '../../jobs/poll';
import { requireCompleted, waitForLinks } from '../../jobs/results';
import { startOnce } from '../../jobs/start';
import { timeoutField } from '../shared/fields';
import { fetchFiles } from '../jobOperations/download.operation';
import { notFinished } from '../jobOperations/wait.operation';
import type { BegunShoot } from './begin';
import type { Results } from './shootFields';
import { hintAndLog, reportJobProgress, reportProgress } from './progress';
import { traceResults } from './trace';

/** A result file, or why it could not be fetched, with the photos it was made from. */
export type ShootFile = DownloadOutcome & { job: Job; origin: Match };

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
export interface Deadline {
	minutes: number;
	deadline: number;
}

export function deadlineOf(context: IExecuteFunctions): Deadline {
	const minutes = Number(
		context.getNodeParameter('options.timeoutMinutes', 0, timeoutField.default as number),
	);
	return { minutes, deadline: Date.now() + minutes * 60_000 };
}

/** Waits for a job in all shoots together; what each came to is for `requireDone`. */
export async function waitForAll(
	context: IExecuteFunctions,
	job: Job,
	begun: BegunShoot[],
	{ deadline }: Deadline,
): Promise<Map<string, Reading>> {
	return await waitUntilFinal(
		context,
		job,
		begun.map(({ project }) => project),
		Math.max(0, deadline - Date.now()),
		reportJobProgress(context, job, begun),
	);
}

/** @throws NodeOperationError when a job is not Completed, or its reading's own error */
export function requireDone(
	context: IExecuteFunctions,
	job: Job,
	{ project }: BegunShoot,
	readings: Map<string, Reading>,
	{ minutes }: Deadline,
): void {
	const reading = readings.get(project.uuid) as Reading;
	if (reading.state && !isFinal(reading.state.status)) {
		const remedy = `Give it more time in 'Give Up After (Minutes)'. To get the results later, run the shoot again by its 'Project Name' with 'If Name Exists' set to Use Existing, or use ${job === 'edit' ? 'Edit' : 'Export'}: Download with this project: nothing is sent or billed again.`;
		throw notFinished(context, job, reading.state, minutes, remedy);
	}
	requireCompleted(context, job, reading);
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
	const links = await waitForLinks(context, job, project);
	const origins = await traceResults(
		context,
		shoot,
		links.map(({ file_name }) => file_name),
	);
	checkMatches(context, begun, job, origins);
	const outcomes = await fetchFiles(context, job, project, links, shoot.options.parallelDownloads);
	reportProgress(context, shoot, project.uuid, `${job} Completed, ${outcomes.length} files`);
	return outcomes.map((outcome, index) => ({ ...outcome, job, origin: origins[index] }));
}

/** A project found by its name may be that of other photos: their results must not pass for these photos'. */
function checkMatches(
	context: IExecuteFunctions,
	{ shoot, project, edit, failed }: BegunShoot,
	job: Job,
	origins: Match[],
) {
	const traced = new Set(origins.flatMap(({ photos }) => photos));
	const without = shoot.photos.filter(
		(photo) => !traced.has(photo) && !failed.some((upload) => upload.photo === photo),
	);
	if (without.length === 0) return;
	const names = without.map(({ fileName }) => `'${fileName}'`).join(', ');
	const message = `The ${job} of project ${project.uuid} has no result for ${without.length} of ${shoot.photos.length} photos: ${names}`;
	if (!edit.sent && !project.created && traced.size === 0) {
		throw new ImagenOperationError(
			context.getNode(),
			`The project '${shoot.name}' was edited with other photos`,
			{
				itemIndex: shoot.itemIndexes[0],
				description: `Nothing was sent or billed. Choose another 'Project Name', or set 'If Name Exists' to Add Timestamp.\n${message}.`,
			},
		);
	}
	hintAndLog(context, message);
}
