import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { IfAlreadyStarted } from '../../jobs/ledger';
import type { IfMixed } from '../../transfer/plan';
import { aiToolsFields } from '../edit/aiTools';
import { photographyTypeOption } from '../edit/photographyType';
import { ifAlreadyStartedField } from '../jobOperations/ifAlreadyStarted';
import { parallelDownloadsOption } from '../jobOperations/resultFiles';
import { addTokenOption, callbackUrlField } from '../jobOperations/whenFinished';
import { ifNameExistsField } from '../project/createOrGet';
import {
	collectionField,
	editingFlowField,
	jpegProfileOption,
	onlyIn,
	optionsField,
	outputFileOption,
	profileField,
	timeoutField,
} from '../shared/fields';
import {
	ifMixedOption,
	ifNamesRepeatOption,
	ifNotPhotoOption,
	parallelUploadsOption,
	verifyMd5Option,
	type PhotoOptions,
} from '../shared/inputPhotos';
import { photosFromFields } from '../shared/photosFrom';

/** What a shoot is to return. */
export type Results = 'both' | 'edited' | 'exported' | 'none';

/** The collections of options in the panel of a shoot. */
export const OPTION_COLLECTIONS = ['photoOptions', 'resultOptions', 'options'];

/** What these collections hold. */
export interface ShootOptions extends Omit<PhotoOptions, 'ifMixed'> {
	callbackUrl?: string;
	editWithoutFailed?: boolean;
	ifAlreadyStarted?: IfAlreadyStarted;
	ifMixed?: IfMixed | 'split';
	jpegProfile?: unknown;
	outputBinaryField?: string;
	parallelDownloads?: number;
	pricePerPhoto?: number;
	shootOutput?: 'file' | 'shoot';
	timeoutMinutes?: number;
}

/** Names the project of a shoot. */
export const projectNameField: INodeProperties = {
	displayName: 'Project Name',
	name: 'projectName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Anna and Ben, wedding',
	hint: "To run this again without paying again, enter a name and set 'If Name Exists' to Use Existing. Without a name, each run is a new project and is billed.",
	description:
		'Name of the project, unique in the account. If empty, Group By names the project, otherwise Imagen does.',
};

/** The same for Preview, which creates nothing. */
const previewedNameField: INodeProperties = {
	...projectNameField,
	hint: 'With the name for Edit shoot, the preview shows whether its edit was already started',
};

const shootIfNameExistsField: INodeProperties = {
	...ifNameExistsField,
	description:
		'What to do when the account already has a project with this name. Choose Use Existing to run a shoot again: an edit that was started is used, and not billed again.',
};

const editWithoutFailedOption: INodeProperties = {
	displayName: 'Edit Without Failed Photos',
	name: 'editWithoutFailed',
	type: 'boolean',
	default: true,
	description:
		"Whether to start the edit even if some photos couldn't be uploaded. The output lists them. Without this option, the node stops before the edit.",
};

/** Makes several shoots of the input, and names their projects where 'Project Name' does not. */
export const groupByOption: INodeProperties = {
	displayName: 'Group By',
	name: 'groupBy',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.client }}',
	description:
		'An expression with a different value for each shoot, such as a client or folder. Each value becomes a project of that name. If empty, all photos are one shoot.',
};

const photoOptionsField: INodeProperties = collectionField('Photo Options', 'photoOptions', 'Photo Option', [
	editWithoutFailedOption,
	groupByOption,
	ifMixedOption({
		name: 'Split Into Two Projects',
		value: 'split',
		description:
			"One for RAW and one for JPEG, edited with 'Profile for JPEGs'. The kind is added to the project's name.",
	}),
	ifNamesRepeatOption,
	ifNotPhotoOption,
	jpegProfileOption,
	parallelUploadsOption,
	verifyMd5Option,
]);

const resultsField: INodeProperties = {
	displayName: 'Results',
	name: 'results',
	type: 'options',
	options: [
		{
			name: 'Edited and Exported Photos',
			value: 'both',
			description: 'Wait for the edit, export it, and return both',
		},
		{
			name: 'Edited Photos',
			value: 'edited',
			description:
				'Wait for the edit, and return an XMP for each RAW photo, or the JPEG or DNG with its edit',
		},
		{
			name: 'Exported Photos',
			value: 'exported',
			description: 'Wait for the edit, export it, and return the JPEGs',
		},
		{
			name: 'None',
			value: 'none',
			description: 'Continue as soon as the edit is started',
		},
	],
	default: 'edited',
	description: 'What to wait for and return. The execution keeps running while it waits.',
};

/** What the panel calls a choice of results. */
export function labelOfResults(results: Results): string {
	const choices = resultsField.options as INodePropertyOptions[];
	return choices.find(({ value }) => value === results)?.name ?? results;
}

const smartResultsField: INodeProperties = {
	...resultsField,
	name: 'smartResults',
	options: [
		{ name: 'Edited Photos', value: 'edited', description: 'Wait for the edit, and return its JPEGs' },
		{ name: 'None', value: 'none', description: 'Continue as soon as the edit is started' },
	],
};

const pricePerPhotoOption: INodeProperties = {
	displayName: 'Price per Photo',
	name: 'pricePerPhoto',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 4 },
	default: 0,
	description:
		'What Imagen bills you for each edited photo. The output then has the estimated_cost of each shoot, in the same currency.',
};

const outputOption: INodeProperties = {
	displayName: 'Output',
	name: 'shootOutput',
	type: 'options',
	options: [
		{ name: 'One Item per File', value: 'file', description: 'Each with the photos it was made from' },
		{
			name: 'One Item per Shoot',
			value: 'shoot',
			description: 'With all files, and with a list of the photos and their results',
		},
	],
	default: 'file',
	description: 'What the node returns',
};

const resultOptionsField: INodeProperties = collectionField(
	'Result Options',
	'resultOptions',
	'Result Option',
	[
		outputOption,
		parallelDownloadsOption,
		{
			...outputFileOption,
			description:
				'The name of the output binary field to put each file in. With one item per shoot, a number follows: data_0, data_1.',
		},
	],
);

/** The panel of a shoot. @param more options of one operation */
const shootFields = (nameField: INodeProperties, ...more: INodeProperties[]): INodeProperties[] => [
	editingFlowField,
	onlyIn('REGULAR', profileField),
	...photosFromFields,
	nameField,
	shootIfNameExistsField,
	onlyIn('REGULAR', resultsField),
	onlyIn('I2I', smartResultsField),
	...aiToolsFields(),
	photoOptionsField,
	resultOptionsField,
	optionsField(
		{
			...addTokenOption,
			displayOptions: undefined,
			description: `${addTokenOption.description ?? ''} Needs Callback URL.`,
		},
		{ ...callbackUrlField, required: false, displayOptions: undefined },
		{
			...timeoutField,
			description:
				'How long to wait for all edits and exports together. An edit takes minutes to hours. 0 checks once.',
		},
		ifAlreadyStartedField('edit'),
		photographyTypeOption,
		...more,
	),
];

/** The panel of Edit shoot. */
export const editFields = shootFields(projectNameField);

/**
 * The panel of Preview: that of Edit shoot, also where the bill does not depend on it. n8n forgets what an operation has no field for, so one
 * switches to Preview and back and nothing is lost.
 */
export const previewFields = shootFields(previewedNameField, pricePerPhotoOption);
