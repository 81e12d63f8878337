import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { EditRequest, SmartEditRequest } from '../../api/editRequest';
import { imageTypeOf, type ImageType } from '../../api/formats';
import { startEdit } from '../../api/jobs';
import { listProfiles } from '../../api/profiles';
import { editingFlowIn, projectLabel } from '../../api/projectRef';
import type { Profile } from '../../api/types';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { knownPhotos, type IfAlreadyStarted } from '../../jobs/ledger';
import { settingsOf } from '../../jobs/settings';
import { mayHaveStarted, startOnce } from '../../jobs/start';
import { ifAlreadyStartedField } from '../jobOperations/ifAlreadyStarted';
import {
	addTokenOption,
	callbackUrlFor,
	isResuming,
	whenFinishedFields,
	startItems,
} from '../jobOperations/whenFinished';
import { showStarts, type ProjectStart } from '../jobOperations/jobSummary';
import { allFindings } from '../shared/aggregateError';
import { editingFlowField, onlyIn, optionsField, profileField, projectField } from '../shared/fields';
import { showHint } from '../shared/hints';
import {
	checkEachProject,
	forEachProject,
	projectsOfInput,
	type InputProject,
} from '../shared/inputProjects';
import type { Operation } from '../shared/operation';
import { sharedParameter } from '../shared/sharedParameters';
import { aiToolsFields } from './aiTools';
import { editRequestOf, findingsOfEdit, hintsOfEdit } from './editParameters';
import { photographyTypeOption } from './photographyType';

interface Options {
	export?: boolean;
	ifAlreadyStarted?: IfAlreadyStarted;
}

/** Start edit */
export const startOperation: Operation = {
	name: 'Start',
	action: 'Start edit',
	description: 'Start the edit of a project. Imagen bills each photo.',
	fields: [
		projectField,
		editingFlowField,
		onlyIn('REGULAR', profileField),
		...aiToolsFields(),
		...whenFinishedFields('edit'),
		optionsField(
			addTokenOption,
			{
				displayName: 'Export When Done',
				name: 'export',
				type: 'boolean',
				default: true,
				displayOptions: { show: { '/editingFlow': ['REGULAR'] } },
				description: 'Whether Imagen exports the photos to JPEG as soon as the edit is finished',
			},
			ifAlreadyStartedField('edit'),
			photographyTypeOption,
		),
	],
	execute,
};

/** An edit that passed all checks. */
interface CheckedEdit {
	request: EditRequest | SmartEditRequest;
	ifAlreadyStarted: IfAlreadyStarted;
	hints: string[];
}

/** Sends each project of the input to edit, once. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const begunAt = Date.now();
	const starts: ProjectStart[] = [];
	const input = await projectsOfInput(this);
	const needsProfiles = input.projects.some(({ editingFlow }) => editingFlow === 'REGULAR');
	const profiles = needsProfiles ? await listProfiles(this) : [];
	// A mistake in the last project is found before the first one is paid for.
	const checked = await checkEachProject(
		this,
		input,
		async (project) => await checkedEdit(this, project, profiles),
		false,
	);

	const items = await forEachProject(
		this,
		checked,
		async (project) => {
			const { request, ifAlreadyStarted } = project;
			const settings = settingsOf(request);
			const started = await startOnce(this, {
				job: 'edit',
				project,
				ifAlreadyStarted,
				settings,
				profiles,
				isResuming: isResuming(this, project),
				send: async () => await startEdit(this, project, request),
			});
			starts.push({ project, sent: started.sent });
			if (started.sent) for (const hint of project.hints) showHint(this, hint);
			const profileKey = started.settings?.profile_key;
			return startItems(this, project, started, profileKey === undefined ? {} : { profile_key: profileKey });
		},
		mayHaveStarted,
	);
	showStarts(this, 'edit', begunAt, starts);
	return items;
}

/** @throws NodeOperationError for whatever Imagen would refuse, or bill without use */
async function checkedEdit(
	context: IExecuteFunctions,
	project: InputProject,
	profiles: Profile[],
): Promise<CheckedEdit> {
	const { editingFlow, parameterItems } = project;
	checkEditingFlow(context, project);
	const kinds = kindsIn(context, project);
	if (kinds.size > 1) throw holdsBothKinds(context, project);
	const findings = await findingsOfEdit(context, {
		parameterItems,
		editingFlow,
		profiles,
		imageType: [...kinds].at(0),
	});
	if (findings.length > 0) {
		const message = `The edit of project ${projectLabel(project)} can't be started: ${findings.length} settings are wrong`;
		const parts = findings.map((error) => ({ error }));
		throw allFindings(context, parts, message, 'Nothing was started or billed.');
	}
	const options = sharedParameter<Options>(context, parameterItems, 'options', {});
	const callbackUrl = await callbackUrlFor(context, 'edit', project);

	return {
		request: {
			...editRequestOf(context, parameterItems, editingFlow),
			...(options.export && editingFlow === 'REGULAR' && { export: true }),
			...(callbackUrl && { callback_url: callbackUrl }),
		},
		ifAlreadyStarted: options.ifAlreadyStarted ?? 'skip',
		hints: hintsOfEdit(context, { parameterItems, editingFlow, profiles }),
	};
}

/** The item says for which editing flow its project was made; in the other one Imagen does not know it. */
function checkEditingFlow(context: IExecuteFunctions, project: InputProject) {
	const {
		editingFlow,
		parameterItems: [itemIndex],
	} = project;
	if (editingFlow === 'I2I' || editingFlowIn(context.getInputData()[itemIndex].json) === 'REGULAR') return;
	throw new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} was created for Smart Editing, but 'Editing Flow' is AI Profile`,
		"Set 'Editing Flow' to Smart Editing, as in Create project. Nothing was started or billed.",
		itemIndex,
	);
}

/** The kinds of photos in a project, as far as they are known: from the output of Upload, where one of its items is no error, and from all uploads. */
function kindsIn(context: IExecuteFunctions, project: InputProject): Set<ImageType> {
	const items = context.getInputData();
	const ofItems = project.itemIndexes.map((itemIndex) => items[itemIndex].json.image_type);
	const ofUploads = knownPhotos(context, project).photos.map(({ fileName }) => imageTypeOf(fileName));
	const isKind = (type: unknown): type is ImageType => type === 'RAW' || type === 'JPG';
	return new Set([...ofItems, ...ofUploads].filter(isKind));
}

const holdsBothKinds = (context: IExecuteFunctions, project: InputProject) =>
	new ImagenOperationError(
		context,
		`Project ${projectLabel(project)} has RAW and JPEG photos, but a project takes one kind`,
		'Upload the RAW photos to one project, and the JPEG photos to another one. Nothing was sent or billed.',
		project.itemIndexes[0],
	);
