import type { INodeProperties } from 'n8n-workflow';

import type { IfAlreadySent } from '../../jobs/ledger';
import { aiToolsFields } from '../edit/aiTools';
import { photographyTypeOption } from '../edit/photographyType';
import { parallelDownloadsOption } from '../jobOperations/resultFiles';
import { ifAlreadySentField } from '../jobOperations/ifAlreadySent';
import { addTokenOption } from '../jobOperations/whenFinished';
import type { IfMixed } from '../../transfer/plan';
import { ifNameExistsField, type IfNameExists } from '../project/createOrGet';
import {
	editingFlowField,
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

/** What a shoot is to give back. */
export type Results = 'both' | 'edited' | 'exported' | 'none';

/** What is under Options. */
export interface ShootOptions extends Omit<PhotoOptions, 'ifMixed'> {
	callbackUrl?: string;
	dryRun?: boolean;
	editWithoutFailed?: boolean;
	ifAlreadySent?: IfAlreadySent;
	ifMixed?: IfMixed | 'split';
	jpegProfile?: unknown;
	ifNameExists?: IfNameExists;
	outputBinaryField?: string;
	parallelDownloads?: number;
	shootOutput?: 'file' | 'shoot';
	timeoutMinutes?: number;
}

/** The fields of a shoot. */
export const shootFields: INodeProperties[] = [
	editingFlowField,
	onlyIn('REGULAR', profileField),
	...photosFromFields,
	onlyIn('REGULAR', {
		displayName: 'Results',
		name: 'results',
		type: 'options',
		options: [
			{
				name: 'Edited and Exported Photos',
				value: 'both',
				description: 'Wait for the edit, export it, and give both',
			},
			{
				name: 'Edited Photos',
				value: 'edited',
				description: 'Wait for the edit: an XMP for each RAW, else the photo with the edit inside',
			},
			{
				name: 'Exported Photos',
				value: 'exported',
				description: 'Wait for the edit, export it, and give the JPEGs',
			},
			{
				name: 'None',
				value: 'none',
				description: 'Go on as soon as the edit is started',
			},
		],
		default: 'edited',
		description: 'What to wait for and give to the next node. Waiting holds this execution.',
	}),
	onlyIn('I2I', {
		displayName: 'Results',
		name: 'smartResults',
		type: 'options',
		options: [
			{ name: 'Edited Photos', value: 'edited', description: 'Wait for the edit, and give its JPEGs' },
			{ name: 'None', value: 'none', description: 'Go on as soon as the edit is started' },
		],
		default: 'edited',
		description: 'What to wait for and give to the next node. Waiting holds this execution.',
	}),
	...aiToolsFields(),
	optionsField(
		{
			...addTokenOption,
			displayOptions: undefined,
			description: `${addTokenOption.description ?? ''} Needs Callback URL.`,
		},
		{
			displayName: 'Callback URL',
			name: 'callbackUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.example.com/webhook/1f0c.../imagen',
			description:
				'Whom Imagen calls when the edit has ended: a public https address, such as the production URL of an Imagen AI Trigger',
		},
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: true,
			description:
				'Whether to check everything and give the plan, with what would be billed, but create, send and pay nothing',
		},
		{
			displayName: 'Edit Without Failed Photos',
			name: 'editWithoutFailed',
			type: 'boolean',
			default: true,
			description:
				'Whether to start the edit although photos could not be uploaded. They are named in the output. Without this option the node stops before the edit.',
		},
		{
			...timeoutField,
			description: 'How long to wait for all edits and exports together. An edit takes minutes to hours.',
		},
		{
			displayName: 'Group By',
			name: 'groupBy',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.client }}',
			description:
				'An expression that tells the shoots of the input apart, such as a client or folder: each becomes a project of its own, by that name. Empty: all photos are one shoot.',
		},
		ifAlreadySentField('edit'),
		ifMixedOption({
			name: 'Split Into Two Projects',
			value: 'split',
			description:
				"One for RAW and one for JPEG, which is edited with 'Profile for JPEGs'. The kind follows the project's name.",
		}),
		{
			...ifNameExistsField,
			description:
				'What to do when the account has a project of this name already. Use Existing goes on with a shoot that broke off: what is sent to edit already is not sent again.',
		},
		ifNamesRepeatOption,
		ifNotPhotoOption,
		{
			displayName: 'Output',
			name: 'shootOutput',
			type: 'options',
			options: [
				{ name: 'One Item per File', value: 'file', description: 'Each with the photos it was made from' },
				{
					name: 'One Item per Shoot',
					value: 'shoot',
					description: 'With a list of its photos, what became of each, and all files',
				},
			],
			default: 'file',
			description: 'What the node gives to the next one',
		},
		parallelDownloadsOption,
		parallelUploadsOption,
		photographyTypeOption,
		{
			...profileField,
			displayName: 'Profile for JPEGs',
			name: 'jpegProfile',
			required: false,
			displayOptions: { show: { '/editingFlow': ['REGULAR'] } },
			description: 'The AI Profile for the JPEG project when a mixed shoot is split',
		},
		{
			displayName: 'Project Name',
			name: 'projectName',
			type: 'string',
			default: '',
			placeholder: 'e.g. Anna and Ben, wedding',
			description:
				'Unique in the account. If empty, Group By names the project, or Imagen does. With a name, a shoot that broke off can be gone on with.',
		},
		{
			...outputFileOption,
			description:
				'The name of the output binary field to put each file in. With one item per shoot, a number follows: data_0, data_1.',
		},
		verifyMd5Option,
	),
];
