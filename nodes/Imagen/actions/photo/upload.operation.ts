import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { PARALLEL_TRANSFERS } from '../../transfer/presigned';
import { readPhoto, type Photo } from '../../transfer/photo';
import { uploadPhotos, type UploadOutcome } from '../../transfer/upload';
import { planUpload, type Finding, type IfNamesRepeat, type UploadPlan } from '../../transfer/uploadPlan';
import { fieldsOf, projectField } from '../fields';
import { errorItem, linkTo } from '../items';
import { forEachProject, projectsOfInput, type InputProject } from '../projects';

interface Options {
	ifNamesRepeat?: IfNamesRepeat;
	output?: 'photo' | 'project';
	parallelUploads?: number;
	verifyMd5?: boolean;
}

export const description = fieldsOf('photo', 'upload', [
	projectField,
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field with the photo. Several: front, back. All of an item: *',
		description: 'Which binary fields of the input items hold the photos',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'If Names Repeat',
				name: 'ifNamesRepeat',
				type: 'options',
				options: [
					{
						name: 'Fail',
						value: 'fail',
						description: 'Stop before anything is uploaded, and name the photos',
					},
					{
						name: 'Make Unique',
						value: 'makeUnique',
						description: 'Upload them with a number after the name, as IMG_1-2.NEF',
					},
				],
				default: 'fail',
				description:
					'What to do with photos of the same name in one project, such as those of two memory cards. The ending does not count: the results of IMG_1.NEF and IMG_1.DNG would overwrite each other.',
			},
			{
				displayName: 'Output',
				name: 'output',
				type: 'options',
				options: [
					{ name: 'One Item per Photo', value: 'photo', description: 'To follow each photo on its own' },
					{ name: 'One Item per Project', value: 'project', description: 'With a list of its photos' },
				],
				default: 'project',
				description: 'What the node gives to the next one',
			},
			{
				displayName: 'Parallel Uploads',
				name: 'parallelUploads',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 20 },
				default: PARALLEL_TRANSFERS,
				description: 'How many photos are on their way at the same time',
			},
			{
				displayName: 'Verify With MD5',
				name: 'verifyMd5',
				type: 'boolean',
				default: false,
				description:
					'Whether the storage checks each photo against its MD5 digest and refuses what arrives altered. Reads each photo twice.',
			},
		],
	},
]);

/** Uploads all photos of the input, of one project or several. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const input = projectsOfInput(this);
	const plans = await checkedPlans(this, input.projects);

	return await forEachProject(this, input, async (project) => {
		const { plan, options, rejected } = plans.get(project) as CheckedPlan;
		if (plan.photos.length === 0) return rejected;
		const outcomes = await uploadPhotos(this, project.uuid, plan.photos, {
			parallelUploads: options.parallelUploads ?? PARALLEL_TRANSFERS,
			verifyMd5: options.verifyMd5 ?? false,
		});
		return [
			...uploadedItems(project.uuid, plan, outcomes, options.output ?? 'project'),
			...failedItems(this, project.uuid, outcomes),
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
	if (findings.length > 0 && !context.continueOnFail()) throw cannotUpload(context, findings);

	for (const [{ uuid, itemIndexes }, { plan, rejected }] of plans) {
		for (const finding of plan.findings) {
			const { itemIndex, fileName } = finding.photo;
			const error = cannotUpload(context, [finding]);
			rejected.push(errorItem(context, error, itemIndex, { project_uuid: uuid, file_name: fileName }));
		}
		if (plan.photos.length === 0 && rejected.length === 0) {
			rejected.push(errorItem(context, nothingToUpload(context), itemIndexes[0], { project_uuid: uuid }));
		}
	}
	return plans;
}

async function photosOf(context: IExecuteFunctions, { uuid, itemIndexes }: InputProject) {
	const photos: Photo[] = [];
	const rejected: INodeExecutionData[] = [];
	for (const itemIndex of itemIndexes) {
		try {
			for (const field of binaryFields(context, itemIndex))
				photos.push(await readPhoto(context, itemIndex, field));
		} catch (error) {
			rejected.push(errorItem(context, error, itemIndex, { project_uuid: uuid }));
		}
	}
	return { photos, rejected };
}

function binaryFields(context: IExecuteFunctions, itemIndex: number): string[] {
	const names = String(context.getNodeParameter('binaryPropertyName', itemIndex) ?? '').trim();
	if (names === '*') return Object.keys(context.getInputData()[itemIndex].binary ?? {});
	const fields = names
		.split(',')
		.map((name) => name.trim())
		.filter(Boolean);
	if (fields.length > 0) return [...new Set(fields)];
	throw new NodeOperationError(context.getNode(), "'Input Binary Field' is empty", {
		itemIndex,
		description:
			'Enter the name of the binary field that holds the photo, such as data, or * for all of an item.',
	});
}

function uploadedItems(
	projectUuid: string,
	{ imageType }: UploadPlan,
	outcomes: UploadOutcome[],
	output: 'photo' | 'project',
): INodeExecutionData[] {
	const photos = outcomes.filter(({ error }) => !error).map(({ photo }) => photo);
	if (photos.length === 0) return [];
	const project = { project_uuid: projectUuid, image_type: imageType };

	if (output === 'photo') {
		return photos.map((photo) => ({
			json: { ...project, ...toJson(photo) },
			pairedItem: { item: photo.itemIndex },
		}));
	}
	return [
		{
			json: {
				...project,
				number_of_photos: photos.length,
				bytes: photos.reduce((sum, { bytes }) => sum + bytes, 0),
				photos: photos.map(toJson),
			},
			pairedItem: linkTo([...new Set(photos.map(({ itemIndex }) => itemIndex))]),
		},
	];
}

/** `original_file_name` tells of photos that were renamed to be unique. */
function toJson({ fileName, originalFileName, bytes }: Photo): IDataObject {
	return {
		file_name: fileName,
		...(fileName !== originalFileName && { original_file_name: originalFileName }),
		bytes,
	};
}

/** @throws NodeOperationError that names every failed photo, unless the node continues on fail */
function failedItems(context: IExecuteFunctions, projectUuid: string, outcomes: UploadOutcome[]) {
	const failed = outcomes.filter(
		(outcome): outcome is Required<UploadOutcome> => outcome.error !== undefined,
	);
	if (failed.length > 0 && !context.continueOnFail())
		throw notAllUploaded(context, projectUuid, failed, outcomes.length);
	return failed.map(({ photo, error }) =>
		errorItem(context, error, photo.itemIndex, { project_uuid: projectUuid, file_name: photo.fileName }),
	);
}

function cannotUpload(context: IExecuteFunctions, findings: Finding[]) {
	const [{ photo, problem, remedy }] = findings;
	if (findings.length === 1) {
		return new NodeOperationError(context.getNode(), `'${photo.fileName || photo.field}' ${problem}`, {
			itemIndex: photo.itemIndex,
			description: remedy,
		});
	}
	const lines = findings.map(
		(finding) =>
			`Item ${finding.photo.itemIndex}: '${finding.photo.fileName || finding.photo.field}' ${finding.problem}.`,
	);
	const remedies = new Set(findings.map((finding) => finding.remedy));
	return new NodeOperationError(context.getNode(), `${findings.length} photos cannot be uploaded`, {
		itemIndex: photo.itemIndex,
		description: ['Nothing was uploaded.', ...remedies, ...lines].join('\n'),
	});
}

function nothingToUpload(context: IExecuteFunctions) {
	return new NodeOperationError(context.getNode(), 'There is no photo to upload', {
		description:
			"No input item has a binary field. Check 'Input Binary Field' and the output of the node before.",
	});
}

function notAllUploaded(
	context: IExecuteFunctions,
	projectUuid: string,
	failed: Array<Required<UploadOutcome>>,
	total: number,
) {
	const lines = failed.map(({ photo, error }) => `Item ${photo.itemIndex}: ${error.message}.`);
	return new NodeOperationError(
		context.getNode(),
		`${failed.length} of ${total} photos could not be uploaded to project ${projectUuid}`,
		{
			itemIndex: failed[0].photo.itemIndex,
			description: [
				`The other ${total - failed.length} are there, and no edit was started. Run the workflow again: photos that are there are sent again without harm.`,
				...lines,
			].join('\n'),
		},
	);
}
