import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';
import { jobStateJson } from '../../api/jobs';
import type { ProjectRef } from '../../api/projectRef';
import { credentialOf } from '../../api/request';
import { callbackUrlProblem, signCallbackUrl } from '../../callbacks/address';
import { ImagenOperationError } from '../../errors/imagenErrors';
import type { Started } from '../../jobs/start';
import type { InputProject } from '../shared/inputProjects';
import { itemForEach } from '../shared/items';
import { sharedParameter } from '../shared/sharedParameters';

/** Whom Imagen calls when it is done. */
type WhenFinished = 'notifyUrl' | 'doNothing' | 'resume';

const WHAT_HAPPENS: Record<Job, string> = {
	edit: 'What happens when the edit is finished',
	export:
		"What happens when the export is finished. Imagen documents callbacks for edits only, so don't rely on one for an export.",
};

/** By itself, Wait pauses for edits only. */
const PAUSE: Record<Job, string> = {
	edit: 'Needs an n8n with a public https address. The next Wait for edit pauses this workflow until Imagen is done.',
	export:
		"Needs an n8n with a public https address. This workflow pauses if 'Wait By' of Wait for export is set to this, too. Imagen documents callbacks for edits only: without one, n8n resumes when 'Give Up After (Minutes)' of Wait for export is over.",
};

/** The URL that Imagen notifies. */
export const callbackUrlField: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://n8n.example.com/webhook/1f0c.../imagen',
	displayOptions: { show: { whenFinished: ['notifyUrl'] } },
	description:
		'The URL Imagen notifies. It is public and https, such as the production URL of an Imagen AI Trigger.',
};

/** The choice of what happens when the edit or export has ended. */
export const whenFinishedFields = (job: Job): INodeProperties[] => [
	{
		displayName: 'When Finished',
		name: 'whenFinished',
		type: 'options',
		options: [
			{
				name: 'Just Continue',
				value: 'doNothing',
				description: `The next Wait for ${job} or Download ${job}ed photos checks every few seconds to minutes until Imagen is done`,
			},
			{
				name: 'Pause Until Imagen Is Done',
				value: 'resume',
				description: PAUSE[job],
			},
			{
				name: 'Notify a URL',
				value: 'notifyUrl',
				description: 'Imagen notifies the Imagen AI Trigger of another workflow, or any other URL (callback)',
			},
		],
		default: 'doNothing',
		description: WHAT_HAPPENS[job],
	},
	callbackUrlField,
];

/** Goes with the other options of a start. */
export const addTokenOption: INodeProperties = {
	displayName: 'Add Token to Callback URL',
	name: 'addToken',
	type: 'boolean',
	default: true,
	displayOptions: { show: { '/whenFinished': ['notifyUrl'] } },
	description:
		'Whether to add a token to the URL, which proves to an Imagen AI Trigger that a notification is genuine. Turn it off only if the receiver rejects extra query parameters. The Imagen AI Trigger needs it.',
};

/** What a start gives: an item for each input item of its project. @param known what else is known of it */
export function startItems(
	context: IExecuteFunctions,
	project: InputProject,
	{ state, sent, message }: Started,
	known: IDataObject = {},
): INodeExecutionData[] {
	const whenFinished = sent ? whenFinishedOf(context, project) : 'doNothing';
	const json: IDataObject = {
		...jobStateJson(project, state),
		...known,
		sent,
		when_finished: whenFinished,
		...(message && { message }),
	};
	return itemForEach(project, json);
}

/** Whether Imagen is asked to call this execution when it is done with a project. */
export function isResuming(context: IExecuteFunctions, project: InputProject): boolean {
	return whenFinishedOf(context, project) === 'resume';
}

/** The choice made for a project. */
function whenFinishedOf(context: IExecuteFunctions, { parameterItems }: InputProject): WhenFinished {
	return sharedParameter(context, parameterItems, 'whenFinished', 'doNothing');
}

/**
 * The URL that Imagen is to call for a project; undefined for none.
 *
 * @throws NodeOperationError when Imagen could not call it
 */
export async function callbackUrlFor(
	context: IExecuteFunctions,
	job: Job,
	project: InputProject,
): Promise<string | undefined> {
	const { parameterItems } = project;
	const [itemIndex] = parameterItems;
	const whenFinished = whenFinishedOf(context, project);
	if (whenFinished === 'doNothing') return undefined;

	if (whenFinished === 'resume') {
		const url = String(context.evaluateExpression('{{ $execution.resumeUrl }}', itemIndex));
		await checkUrl(context, url, itemIndex, resumeUnreachable(job));
		const signer = { apiKey: (await credentialOf(context)).apiKey, executionId: context.getExecutionId() };
		return signCallbackUrl(url, signer, job, project);
	}
	const url = sharedParameter<string>(context, parameterItems, 'callbackUrl', '').trim();
	await checkUrl(context, url, itemIndex, urlUnreachable(job));
	return await urlToCall(context, url, job, project, parameterItems);
}

/** A callback URL, with a token for the project unless 'Add Token to Callback URL' is switched off. */
export async function urlToCall(
	context: IExecuteFunctions,
	url: string,
	job: Job,
	project: ProjectRef,
	parameterItems: number[],
): Promise<string> {
	return hasToken(context, parameterItems)
		? signCallbackUrl(url, await credentialOf(context), job, project)
		: url;
}

/** Whether 'Add Token to Callback URL' is on. */
export const hasToken = (context: IExecuteFunctions, parameterItems: number[]): boolean =>
	sharedParameter(context, parameterItems, 'options.addToken', true);

/** What to say of a URL that Imagen could not call: what it is, and what to do first. */
interface Unreachable {
	what: string;
	remedy: string;
}

const resumeUnreachable = (job: Job): Unreachable => ({
	what: "Imagen can't notify this workflow at its URL:",
	remedy: `Set 'When Finished' to Just Continue: Wait for ${job} then checks every few seconds to minutes. Or make this n8n reachable from the internet by https, and set N8N_WEBHOOK_URL (before n8n 2.41: WEBHOOK_URL) to its address there.`,
});

const urlUnreachable = (job: Job): Unreachable => ({
	what: "Imagen can't notify the 'Callback URL':",
	remedy: `Enter an https URL that can be reached from the internet, or set 'When Finished' to Just Continue and add Wait for ${job} after this node.`,
});

/** @throws NodeOperationError when Imagen could not call a URL */
export async function checkUrl(
	context: IExecuteFunctions,
	url: string,
	itemIndex: number,
	{ what, remedy }: Unreachable,
): Promise<void> {
	const problem = callbackUrlProblem(url, (await credentialOf(context)).baseUrl);
	if (problem)
		throw new ImagenOperationError(context, `${what} ${problem}`, `${remedy} Nothing was sent.`, itemIndex);
}
