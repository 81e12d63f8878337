import type { INodeProperties } from 'n8n-workflow';

import type { EditingFlow } from '../../api/projectRef';
import { SETTING_NAMES, type SettingKey } from '../../jobs/settingNames';
import { collectionField, onlyIn } from '../shared/fields';
import { choicesOf } from './choices';

/** One AI tool of an edit, with all that the node knows of it. */
export interface AiTool {
	/** Its field in the panel, under AI Tools. */
	field: INodeProperties;
	/** Its field in the edit request, as the newest API documentation has it. */
	apiField: string;
	/** The editing flows that have it. */
	editingFlows: EditingFlow[];
	/** Tools of one group exclude each other. The name is what an error calls one of them. */
	group?: string;
	/** The tool that it needs. */
	needs?: string;
	/** The group that it needs a tool of. */
	needsGroup?: string;
	/** Imagen takes it for RAW photos only. */
	rawOnly?: true;
	/** The API takes a whole number; the panel may hold it as text, or empty for Imagen's default. */
	isNumber?: true;
	/** Its description in Smart Editing, where that flow lacks the tools that it speaks of. */
	smartDescription?: string;
}

/**
 * Every AI tool. The panel, the edit request and the checks follow from this table: a tool that is added here is in all of
 * them. Errors name the tools in its order; the panel sorts them by their labels, which are in `jobs/settingNames`, since errors about an
 * edit that was started before name its settings, too.
 */
export const AI_TOOLS: AiTool[] = [
	{
		field: toggle('crop', 'crop', "Whether to crop each photo. Can't be combined with another crop."),
		apiField: 'crop',
		editingFlows: ['REGULAR'],
		group: 'a crop',
	},
	{
		field: toggle(
			'headshot_crop',
			'headshotCrop',
			"Whether to crop to head and shoulders. Can't be combined with another crop.",
		),
		apiField: 'headshot_crop',
		editingFlows: ['REGULAR'],
		group: 'a crop',
	},
	{
		field: toggle(
			'portrait_crop',
			'portraitCrop',
			"Whether to crop for portraits. Can't be combined with another crop.",
		),
		apiField: 'portrait_crop',
		editingFlows: ['REGULAR'],
		group: 'a crop',
	},
	{
		field: {
			displayName: SETTING_NAMES.crop_aspect_ratio.label,
			name: 'cropAspectRatio',
			type: 'options',
			options: choicesOf('crop_aspect_ratio'),
			default: '2X3',
			description: 'The proportions of cropped photos. Needs one of the crops.',
		},
		apiField: 'crop_aspect_ratio',
		editingFlows: ['REGULAR'],
		needsGroup: 'a crop',
	},
	{
		field: toggle(
			'straighten',
			'straighten',
			"Whether to level the horizon. Can't be combined with Perspective Correction.",
		),
		apiField: 'straighten',
		editingFlows: ['REGULAR'],
		group: 'a straightening',
	},
	{
		field: toggle(
			'perspective_correction',
			'perspectiveCorrection',
			"Whether to straighten converging verticals. Can't be combined with Straighten.",
		),
		apiField: 'perspective_correction',
		editingFlows: ['REGULAR', 'I2I'],
		group: 'a straightening',
		smartDescription: 'Whether to straighten converging verticals',
	},
	{
		field: toggle(
			'hdr_merge',
			'hdrMerge',
			'Whether to merge each exposure bracket into one photo. Upload all frames of the brackets.',
		),
		apiField: 'hdr_merge',
		editingFlows: ['REGULAR', 'I2I'],
	},
	{
		field: {
			displayName: SETTING_NAMES.hdr_output_compression.label,
			name: 'hdrOutputCompression',
			type: 'options',
			options: choicesOf('hdr_output_compression', {
				LOSSLESS: 'Larger files, without loss of quality',
				LOSSY: 'Smaller files',
			}),
			default: 'LOSSLESS',
			description: 'How to store the merged DNG. For RAW photos with HDR Merge only.',
		},
		apiField: 'hdr_output_compression',
		editingFlows: ['REGULAR'],
		needs: 'hdrMerge',
		rawOnly: true,
	},
	{
		field: toggle('sky_replacement', 'skyReplacement', 'Whether to replace the sky'),
		apiField: 'sky_replacement',
		editingFlows: ['REGULAR', 'I2I'],
	},
	{
		field: {
			displayName: SETTING_NAMES.sky_replacement_template_id.label,
			name: 'skyReplacementTemplateId',
			type: 'options',
			typeOptions: { loadOptionsMethod: 'getSkyTemplates' },
			default: '',
			description:
				'Which sky to use. Needs Sky Replacement. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		apiField: 'sky_replacement_template_id',
		editingFlows: ['REGULAR', 'I2I'],
		needs: 'skyReplacement',
		isNumber: true,
	},
	{
		field: toggle('smooth_skin', 'smoothSkin', 'Whether to smooth skin'),
		apiField: 'smooth_skin',
		editingFlows: ['REGULAR'],
	},
	{
		field: toggle(
			'subject_mask',
			'subjectMask',
			'Whether to edit the subject separately from the background',
		),
		apiField: 'subject_mask',
		editingFlows: ['REGULAR'],
	},
	{
		field: toggle('window_pull', 'windowPull', 'Whether to recover the view through bright windows'),
		apiField: 'window_pull',
		editingFlows: ['REGULAR'],
	},
];

/** The tools that an editing flow has. */
export const toolsIn = (editingFlow: EditingFlow): AiTool[] =>
	AI_TOOLS.filter(({ editingFlows }) => editingFlows.includes(editingFlow));

/** A tool that is on or off. One that a user adds is meant to be on. */
function toggle(apiField: SettingKey, name: string, description: string): INodeProperties {
	const displayName = SETTING_NAMES[apiField].label;
	return { displayName, name, type: 'boolean', default: true, description };
}

/** The fields with the AI tools of each editing flow. */
export const aiToolsFields = (): INodeProperties[] => [
	toolsField(
		'REGULAR',
		'What Imagen does to all photos of the project, in addition to the style of the profile',
	),
	toolsField('I2I', 'What Imagen does to all photos of the project, in addition to its own edit'),
];

/** The parameter with the AI tools. Each flow has its own, so that what was chosen in one does not come along to the other. */
export const toolsParameter = (editingFlow: EditingFlow) =>
	editingFlow === 'I2I' ? 'smartTools' : 'aiTools';

const toolsField = (editingFlow: EditingFlow, description: string): INodeProperties =>
	onlyIn(editingFlow, {
		...collectionField(
			'AI Tools',
			toolsParameter(editingFlow),
			'AI Tool',
			toolsIn(editingFlow).map(({ field, smartDescription }) =>
				editingFlow === 'I2I' && smartDescription ? { ...field, description: smartDescription } : field,
			),
		),
		description,
	});
