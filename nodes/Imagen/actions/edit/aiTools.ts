import type { INodeProperties } from 'n8n-workflow';

import type { EditingFlow } from '../../api/projectRef';
import { collectionField, onlyIn } from '../shared/fields';

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
 * them. Errors name the tools in its order; the panel sorts them by their labels.
 */
export const AI_TOOLS: AiTool[] = [
	{
		field: toggle('Crop', 'crop', "Whether to crop each photo. Can't be combined with another crop."),
		apiField: 'crop',
		editingFlows: ['REGULAR'],
		group: 'a crop',
	},
	{
		field: toggle(
			'Headshot Crop',
			'headshotCrop',
			"Whether to crop to head and shoulders. Can't be combined with another crop.",
		),
		apiField: 'headshot_crop',
		editingFlows: ['REGULAR'],
		group: 'a crop',
	},
	{
		field: toggle(
			'Portrait Crop',
			'portraitCrop',
			"Whether to crop for portraits. Can't be combined with another crop.",
		),
		apiField: 'portrait_crop',
		editingFlows: ['REGULAR'],
		group: 'a crop',
	},
	{
		field: {
			displayName: 'Crop Aspect Ratio',
			name: 'cropAspectRatio',
			type: 'options',
			options: [
				{ name: '2:3', value: '2X3' },
				{ name: '4:5', value: '4X5' },
				{ name: '5:7', value: '5X7' },
			],
			default: '2X3',
			description: 'The proportions of cropped photos. Needs one of the crops.',
		},
		apiField: 'crop_aspect_ratio',
		editingFlows: ['REGULAR'],
		needsGroup: 'a crop',
	},
	{
		field: toggle(
			'Straighten',
			'straighten',
			"Whether to level the horizon. Can't be combined with Perspective Correction.",
		),
		apiField: 'straighten',
		editingFlows: ['REGULAR'],
		group: 'a straightening',
	},
	{
		field: toggle(
			'Perspective Correction',
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
			'HDR Merge',
			'hdrMerge',
			'Whether to merge each exposure bracket into one photo. Upload all frames of the brackets.',
		),
		apiField: 'hdr_merge',
		editingFlows: ['REGULAR', 'I2I'],
	},
	{
		field: {
			displayName: 'HDR Output Compression',
			name: 'hdrOutputCompression',
			type: 'options',
			options: [
				{ name: 'Lossless', value: 'LOSSLESS', description: 'Larger files, without loss of quality' },
				{ name: 'Lossy', value: 'LOSSY', description: 'Smaller files' },
			],
			default: 'LOSSLESS',
			description: 'How to store the merged DNG. For RAW photos with HDR Merge only.',
		},
		apiField: 'hdr_output_compression',
		editingFlows: ['REGULAR'],
		needs: 'hdrMerge',
		rawOnly: true,
	},
	{
		field: toggle('Sky Replacement', 'skyReplacement', 'Whether to replace the sky'),
		apiField: 'sky_replacement',
		editingFlows: ['REGULAR', 'I2I'],
	},
	{
		field: {
			displayName: 'Sky Template Name or ID',
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
		field: toggle('Smooth Skin', 'smoothSkin', 'Whether to smooth skin'),
		apiField: 'smooth_skin',
		editingFlows: ['REGULAR'],
	},
	{
		field: toggle(
			'Subject Mask',
			'subjectMask',
			'Whether to edit the subject separately from the background',
		),
		apiField: 'subject_mask',
		editingFlows: ['REGULAR'],
	},
	{
		field: toggle('Window Pull', 'windowPull', 'Whether to recover the view through bright windows'),
		apiField: 'window_pull',
		editingFlows: ['REGULAR'],
	},
];

/** The tools that an editing flow has. */
export const toolsIn = (editingFlow: EditingFlow): AiTool[] =>
	AI_TOOLS.filter(({ editingFlows }) => editingFlows.includes(editingFlow));

/** A tool that is on or off. One that a user adds is meant to be on. */
function toggle(displayName: string, name: string, description: string): INodeProperties {
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
