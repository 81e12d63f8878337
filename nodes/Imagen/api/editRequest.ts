import type { ImageType } from './formats';

/** AI tools as the node's panel names them, each with its field of the edit request (newest API documentation). */
const TOOL_FIELDS = {
	crop: 'crop',
	cropAspectRatio: 'crop_aspect_ratio',
	hdrMerge: 'hdr_merge',
	hdrOutputCompression: 'hdr_output_compression',
	headshotCrop: 'headshot_crop',
	perspectiveCorrection: 'perspective_correction',
	portraitCrop: 'portrait_crop',
	skyReplacement: 'sky_replacement',
	skyReplacementTemplateId: 'sky_replacement_template_id',
	smoothSkin: 'smooth_skin',
	straighten: 'straighten',
	subjectMask: 'subject_mask',
	windowPull: 'window_pull',
} as const;

type Tool = keyof typeof TOOL_FIELDS;
type ToolField = (typeof TOOL_FIELDS)[Tool];

/** The AI tools that a user chose, by their names in the panel. What is absent is off. */
export type AiTools = Partial<Record<Tool, boolean | number | string>>;

/** What `/edit` takes. It holds for all photos of the project. */
export type EditRequest = {
	profile_key: number;
	photography_type?: string;
	export?: boolean;
	callback_url?: string;
} & Partial<Record<ToolField, boolean | number | string>>;

/** What `/edit` takes for a Smart Editing project: a few of the tools, and no profile. */
export type SmartEditRequest = {
	callback_url?: string;
} & Partial<Record<ToolField, boolean | number | string>>;

/** The API's fields for the chosen tools. A sky that is not chosen is not sent: Imagen takes its default. */
export function toToolFields(tools: AiTools): Partial<Record<ToolField, boolean | number | string>> {
	const chosen = Object.entries(tools).filter(([, value]) => value !== '');
	return Object.fromEntries(
		chosen.map(([tool, value]) => [
			TOOL_FIELDS[tool as Tool],
			tool === 'skyReplacementTemplateId' ? Number(value) : value,
		]),
	);
}

/**
 * What Imagen refuses or would ignore about a choice of tools, each as a sentence with the panel's names; empty if all is well.
 *
 * @param imageType of the photos, where it is known
 */
export function conflictsIn(tools: AiTools, imageType?: ImageType): string[] {
	const crops = [
		tools.crop && "'Crop'",
		tools.headshotCrop && "'Headshot Crop'",
		tools.portraitCrop && "'Portrait Crop'",
	].filter(Boolean);

	return [
		crops.length > 1 && `${crops.join(' and ')} exclude each other: choose one.`,
		tools.straighten &&
			tools.perspectiveCorrection &&
			"'Straighten' and 'Perspective Correction' exclude each other: choose one.",
		tools.cropAspectRatio &&
			crops.length === 0 &&
			"'Crop Aspect Ratio' needs a crop: switch on 'Crop', 'Headshot Crop' or 'Portrait Crop'.",
		tools.hdrOutputCompression && !tools.hdrMerge && "'HDR Output Compression' needs 'HDR Merge'.",
		tools.hdrOutputCompression && imageType === 'JPG' && "'HDR Output Compression' is for RAW photos only.",
		isChosen(tools.skyReplacementTemplateId) &&
			!tools.skyReplacement &&
			"'Sky Template Name or ID' needs 'Sky Replacement'.",
		isChosen(tools.skyReplacementTemplateId) &&
			!Number.isInteger(Number(tools.skyReplacementTemplateId)) &&
			"'Sky Template Name or ID' is not a whole number: choose a sky from the list.",
	].filter((conflict): conflict is string => typeof conflict === 'string');
}

const isChosen = (value: unknown) => value !== undefined && value !== '';
