import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { outputFileField } from '../actions/shared/fields';
import { jobStateJson } from '../api/jobs';
import { getDownloadLinks } from '../api/links';
import type { FileLink } from '../api/types';
import { toErrorJson } from '../errors/imagenErrors';
import { sourcePhotos } from '../jobs/ledger';
import { missingResults, resultsOf, type Results, type ResultsWait } from '../jobs/results';
import { photosBehind, resultNameJson, sourceJson } from '../matching/origins';
import { downloadFiles } from '../transfer/download';
import type { JobEvent } from './events';

type TriggerContext = IPollFunctions | IWebhookFunctions;

/** What a trigger gives besides the event itself. */
export const outputFields: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'Download Links',
				value: 'links',
				description: 'One item per result file, with its temporary link',
			},
			{
				name: 'Event Only',
				value: 'event',
				description: 'One item with the project and its status',
			},
			{
				name: 'Files',
				value: 'files',
				description: 'One item per result file, with the file itself',
			},
		],
		default: 'event',
		description: 'What the workflow starts with. An edit or export that failed has no files, only its event.',
	},
	{ ...outputFileField, displayOptions: { show: { output: ['files'] } } },
];

/** An event as the workflow gets it. */
export function toJson({ job, project, state }: JobEvent): IDataObject {
	return { ...jobStateJson(project, state), action: job };
}

/** The items that a workflow starts with for an event. Waits for its results, where there is to be an item for each. */
export async function itemsFor(context: TriggerContext, jobEvent: JobEvent): Promise<INodeExecutionData[]> {
	return await itemsOfResults(context, jobEvent, await resultsOfEvent(context, jobEvent));
}

const outputOf = (context: TriggerContext) =>
	context.getNodeParameter('output') as 'event' | 'files' | 'links';

/**
 * The results of an event; undefined where the workflow starts with the event alone.
 *
 * @throws as `resultsOf` does
 */
export async function resultsOfEvent(
	context: TriggerContext,
	{ job, project, state }: JobEvent,
	wait?: ResultsWait,
): Promise<Results | undefined> {
	if (outputOf(context) === 'event' || state.status === 'Failed') return undefined;
	return await resultsOf(context, job, project, wait);
}

/**
 * The items that a workflow starts with for an event with these results. A file that cannot be fetched is an error in its item; so is
 * what is missing.
 */
export async function itemsOfResults(
	context: TriggerContext,
	jobEvent: JobEvent,
	results: Results | undefined,
): Promise<INodeExecutionData[]> {
	const { job, project } = jobEvent;
	const event = toJson(jobEvent);
	if (!results) return [{ json: event }];
	const missing = missingResults(context, job, project, results).map(({ error }) => ({
		json: { ...event, ...toErrorJson(error) },
	}));
	return [...(await resultItems(context, jobEvent, results)), ...missing];
}

async function resultItems(
	context: TriggerContext,
	jobEvent: JobEvent,
	{ links, areMerged }: Results,
): Promise<INodeExecutionData[]> {
	const { job, project } = jobEvent;
	const photos = photosBehind(
		sourcePhotos(context, project, areMerged),
		links.map(({ file_name }) => file_name),
	);
	const results = photos.map((photo) => ({ ...toJson(jobEvent), ...(photo && sourceJson([photo])) }));
	if (outputOf(context) === 'files') {
		const fetchLinks = async () => await getDownloadLinks(context, job, project);
		return await fileItems(context, results, links, fetchLinks);
	}
	return links.map(({ file_name, link }, index) => ({
		json: { ...results[index], file_name, download_link: link },
	}));
}

async function fileItems(
	context: TriggerContext,
	results: IDataObject[],
	links: FileLink[],
	fetchLinks: () => Promise<FileLink[]>,
): Promise<INodeExecutionData[]> {
	const field = context.getNodeParameter('binaryPropertyName') as string;
	const outcomes = await downloadFiles(context, links, { fetchLinks });
	return outcomes.map((outcome, index) => {
		const json = { ...results[index], ...resultNameJson(outcome.fileName, links[index].file_name) };
		return 'error' in outcome
			? { json: { ...json, ...toErrorJson(outcome.error) } }
			: { json: { ...json, bytes: outcome.bytes }, binary: { [field]: outcome.binary } };
	});
}
