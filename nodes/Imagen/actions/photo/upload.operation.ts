import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Photo } from '../../transfer/sources';
import { uploadPhotos, type UploadOutcome } from '../../transfer/upload';
import { planUpload, type UploadPlan } from '../../transfer/plan';
import { projectJson, type ProjectRef } from '../../api/editingFlow';
import { optionsField, projectField, projectFlowOption } from '../shared/fields';
import { allFindings } from '../shared/aggregateError';
import { errorItem, linkTo } from '../shared/items';
import { hintIfFew } from '../shared/smartEditing';
import {
	cannotUpload,
	failedUploads,
	ifNamesRepeatOption,
	inputBinaryField,
	itemsOf,
	notAllUploaded,
	nothingToUpload,
	parallelUploadsOption,
	photoJson,
	photosOfItem,
	totalBytes,
	uploadOptions,
	verifyMd5Option,
	type PhotoOptions,
} from '../shared/inputPhotos';
import { forEachProject, projectsOfInput, type InputProject } from '../shared/inputProjects';
import type { Operation } from '../shared/operation';

interface Options extends PhotoOptions {
	uploadOutput?: 'photo' | 'project';
}

/** Photo: Upload */
export const uploadOperation: Operation = {
	name: 'Upload',
	action: 'Upload photos to a project',
	description: 'Upload the photos of all input items to their project',
	fields: [
		projectField,
		inputBinaryField,
		optionsField(
			projectFlowOption,
			ifNamesRepeatOption,
			{
				displayName: 'Output',
				name: 'uploadOutput',
				type: 'options',
				options: [
					{ name: 'One Item per Photo', value: 'photo', description: 'To follow each photo on its own' },
					{ name: 'One Item per Project', value: 'project', description: 'With a list of its photos' },
				],
				default: 'project',
				description: 'What the node gives to the next one',
			},
			parallelUploadsOption,
			verifyMd5Option,
		),
	],
	execute,
};

/** Uploads all photos of the input, of one project or several. */
async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const input = await projectsOfInput(this);
	const plans = await checkedPlans(this, input.projects);

	return await forEachProject(this, input, async (project) => {
		const { plan, options, rejected } = plans.get(project) as CheckedPlan;
		if (plan.photos.length === 0) return rejected;
		const outcomes = await uploadPhotos(this, project, plan.photos, uploadOptions(options));
		hintIfFew(this, project, plan.photos.length);
		return [
			...uploadedItems(project, plan, outcomes, options.uploadOutput ?? 'project'),
			...failedItems(this, project, outcomes),
			...rejected,
		];
	});
}

/** What will be uploaded to a project, and an error item for each of its photos that will not. */
interface CheckedPlan {
	plan: UploadPlan;
	options: Options;
	rejected: INodeExecutionData[];
}

/**
 * Checks the photos of all projects before the first one leaves.
 *
 * @throws NodeOperationError that lists every finding, unless the node continues on fail
 */
async function checkedPlans(context: IExecuteFunctions, projects: InputProject[]) {
	const plans = new Map<InputProject, CheckedPlan>();
	for (const project of projects) {
		// Options hold for a whole project: those of its first item.
		const options = context.getNodeParameter('options', project.itemIndexes[0], {}) as Options;
		const { photos, rejected } = await photosOf(context, project);
		plans.set(project, { plan: planUpload(photos, options.ifNamesRepeat ?? 'fail'), options, rejected });
	}

	const findings = [...plans.values()].flatMap(({ plan }) => plan.findings);
	if (findings.length > 0 && !context.continueOnFail()) {
		throw allFindings(
			context,
			findings.map((finding) => cannotUpload(context, finding)),
			`${findings.length} photos cannot be uploaded`,
			'Nothing was uploaded.',
		);
	}

	for (const [project, { plan, rejected }] of plans) {
		const known = projectJson(project);
		for (const finding of plan.findings) {
			const { itemIndex, fileName } = finding.photo;
			const error = cannotUpload(context, finding);
			rejected.push(errorItem(context, error, itemIndex, { ...known, file_name: fileName }));
		}
		if (plan.photos.length === 0 && rejected.length === 0) {
			const [itemIndex] = project.itemIndexes;
			const error = nothingToUpload(context, itemIndex);
			rejected.push(errorItem(context, error, itemIndex, known));
		}
	}
	return plans;
}

async function photosOf(context: IExecuteFunctions, project: InputProject) {
	const photos: Photo[] = [];
	const rejected: INodeExecutionData[] = [];
	for (const itemIndex of project.itemIndexes) {
		try {
			photos.push(...(await photosOfItem(context, itemIndex)));
		} catch (error) {
			rejected.push(errorItem(context, error, itemIndex, projectJson(project)));
		}
	}
	return { photos, rejected };
}

function uploadedItems(
	ref: ProjectRef,
	{ imageType }: UploadPlan,
	outcomes: UploadOutcome[],
	output: 'photo' | 'project',
): INodeExecutionData[] {
	const photos = outcomes.filter(({ error }) => !error).map(({ photo }) => photo);
	if (photos.length === 0) return [];
	const project = { ...projectJson(ref), image_type: imageType };

	if (output === 'photo') {
		return photos.map((photo) => ({
			json: { ...project, ...photoJson(photo) },
			pairedItem: { item: photo.itemIndex },
		}));
	}
	return [
		{
			json: {
				...project,
				number_of_photos: photos.length,
				bytes: totalBytes(photos),
				photos: photos.map(photoJson),
			},
			pairedItem: linkTo(itemsOf(photos)),
		},
	];
}

/** @throws NodeOperationError that names every failed photo, unless the node continues on fail */
function failedItems(context: IExecuteFunctions, project: ProjectRef, outcomes: UploadOutcome[]) {
	const failed = failedUploads(outcomes);
	if (failed.length > 0 && !context.continueOnFail())
		throw notAllUploaded(context, project.uuid, failed, outcomes.length);
	return failed.map(({ photo, error }) =>
		errorItem(context, error, photo.itemIndex, { ...projectJson(project), file_name: photo.fileName }),
	);
}
