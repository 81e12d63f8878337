import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { conflictsIn, toToolFields, type AiTools, type EditRequest } from '../../api/editRequest';
import { startEdit } from '../../api/jobs';
import { listProfiles } from '../../api/profiles';
import type { Profile } from '../../api/types';
import type { IfAlreadySent } from '../../waiting/sentMemory';
import { startOnce } from '../../waiting/startOnce';
import { fieldsOf, profileField, projectField } from '../fields';
import { addTokenOption, callbackUrlFor, whenFinishedFields, whenFinishedOf } from '../jobs/whenFinished';
import { ifAlreadySentField } from '../jobs/ifAlreadySent';
import { findProfile, profileKeyOf } from '../profiles';
import { forEachProject, projectsOfInput, type InputProject } from '../projects';
import { aiToolsField } from './aiTools';

interface Options {
	export?: boolean;
	ifAlreadySent?: IfAlreadySent;
}

export const description = fieldsOf('edit', 'start', [
	projectField,
	profileField,
	{
		displayName: 'Photography Type',
		name: 'photographyType',
		type: 'options',
		options: [
			{ name: 'Boudoir', value: 'BOUDOIR' },
			{ name: 'Events', value: 'EVENTS' },
			{ name: 'Family and Newborn', value: 'FAMILY_NEWBORN' },
			{ name: 'Landscape and Nature', value: 'LANDSCAPE_NATURE' },
			{ name: 'None', value: 'NO_TYPE' },
			{ name: 'Other', value: 'OTHER' },
			{ name: 'Portraits', value: 'PORTRAITS' },
			{ name: 'Real Estate', value: 'REAL_ESTATE' },
			{ name: 'School', value: 'SCHOOL' },
			{ name: 'Sports', value: 'SPORTS' },
			{ name: 'Wedding', value: 'WEDDING' },
		],
		default: 'NO_TYPE',
		description: 'What the shoot is about: a hint for the AI',
	},
	aiToolsField,
	...whenFinishedFields('edit'),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			addTokenOption,
			{
				displayName: 'Export When Done',
				name: 'export',
				type: 'boolean',
				default: false,
				description: 'Whether Imagen starts the export to JPEG by itself when the edit is done',
			},
			ifAlreadySentField('edit'),
		],
	},
]);

/** An edit that passed all checks. */
interface CheckedEdit {
	request: EditRequest;
	ifAlreadySent: IfAlreadySent;
}

/** Sends each project of the input to edit, once. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const input = projectsOfInput(this);
	const profiles = await listProfiles(this);
	// Without Continue On Fail, a mistake in the last project is found before the first one is paid for.
	if (!this.continueOnFail())
		for (const project of input.projects) await checkedEdit(this, project, profiles);

	return await forEachProject(this, input, async (project) => {
		const { request, ifAlreadySent } = await checkedEdit(this, project, profiles);
		const { state, sent, message } = await startOnce(
			this,
			'edit',
			project.uuid,
			ifAlreadySent,
			async () => await startEdit(this, project.uuid, request),
		);
		const json: IDataObject = {
			...state,
			profile_key: request.profile_key,
			sent,
			// Wait goes by this: only what was sent just now is known to call back.
			when_finished: sent ? whenFinishedOf(this, project.itemIndexes[0]) : 'doNothing',
			...(message && { message }),
		};
		return project.itemIndexes.map((item) => ({ json, pairedItem: { item } }));
	});
}

/** @throws NodeOperationError for whatever Imagen would refuse, or bill without use */
async function checkedEdit(
	context: IExecuteFunctions,
	{ uuid, itemIndexes }: InputProject,
	profiles: Profile[],
): Promise<CheckedEdit> {
	// All of a project is edited in one way: as its first item says.
	const [itemIndex] = itemIndexes;
	const profile = findProfile(context, profiles, profileKeyOf(context, itemIndex), itemIndex);
	checkImageType(context, profile, itemIndex);
	const tools = context.getNodeParameter('aiTools', itemIndex, {}) as AiTools;
	checkTools(context, tools, itemIndex);
	const options = context.getNodeParameter('options', itemIndex, {}) as Options;
	const callbackUrl = await callbackUrlFor(context, uuid, itemIndex);

	return {
		request: {
			profile_key: profile.profile_key,
			photography_type: context.getNodeParameter('photographyType', itemIndex) as string,
			...toToolFields(tools),
			...(options.export && { export: true }),
			...(callbackUrl && { callback_url: callbackUrl }),
		},
		ifAlreadySent: options.ifAlreadySent ?? 'skip',
	};
}

/** Upload tells in its output what kind of photos the project holds. */
function checkImageType(context: IExecuteFunctions, profile: Profile, itemIndex: number) {
	const imageType = context.getInputData()[itemIndex].json.image_type;
	if ((imageType !== 'RAW' && imageType !== 'JPG') || imageType === profile.image_type) return;
	throw new NodeOperationError(
		context.getNode(),
		`The profile '${profile.profile_name}' edits ${profile.image_type} photos, but the project holds ${imageType}`,
		{
			itemIndex,
			description: `Choose a ${imageType} profile in 'Profile': Profile: Get Many lists them with the filter 'Image Type'.`,
		},
	);
}

function checkTools(context: IExecuteFunctions, tools: AiTools, itemIndex: number) {
	const conflicts = conflictsIn(tools);
	if (conflicts.length === 0) return;
	throw new NodeOperationError(context.getNode(), `'AI Tools' do not fit together: ${conflicts.join(' ')}`, {
		itemIndex,
		description: 'Nothing was sent.',
	});
}
