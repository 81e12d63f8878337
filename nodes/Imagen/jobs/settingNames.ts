/** A setting of an edit, as a person reads it. */
interface SettingName {
	label: string;
	/** What the API's words for its values are called. */
	choices?: Partial<Record<string, string>>;
}

/**
 * The settings of an edit, by their names in a request: what the panel calls them, and errors with it. A setting that is missing here is
 * named as the API has it.
 */
export const SETTING_NAMES = {
	crop: { label: 'Crop' },
	headshot_crop: { label: 'Headshot Crop' },
	portrait_crop: { label: 'Portrait Crop' },
	crop_aspect_ratio: {
		label: 'Crop Aspect Ratio',
		choices: { '2X3': '2:3', '4X5': '4:5', '5X7': '5:7' },
	},
	straighten: { label: 'Straighten' },
	perspective_correction: { label: 'Perspective Correction' },
	hdr_merge: { label: 'HDR Merge' },
	hdr_output_compression: {
		label: 'HDR Output Compression',
		choices: { LOSSLESS: 'Lossless', LOSSY: 'Lossy' },
	},
	sky_replacement: { label: 'Sky Replacement' },
	sky_replacement_template_id: { label: 'Sky Template Name or ID' },
	smooth_skin: { label: 'Smooth Skin' },
	subject_mask: { label: 'Subject Mask' },
	window_pull: { label: 'Window Pull' },
	photography_type: {
		label: 'Photography Type',
		choices: {
			BOUDOIR: 'Boudoir',
			EVENTS: 'Events',
			FAMILY_NEWBORN: 'Family and Newborn',
			LANDSCAPE_NATURE: 'Landscape and Nature',
			NO_TYPE: 'None',
			OTHER: 'Other',
			PORTRAITS: 'Portraits',
			REAL_ESTATE: 'Real Estate',
			SCHOOL: 'School',
			SPORTS: 'Sports',
			WEDDING: 'Wedding',
		},
	},
} satisfies Record<string, SettingName>;

/** A setting that the panel has, by its name in a request. */
export type SettingKey = keyof typeof SETTING_NAMES;

/** How a person reads a setting; undefined where the panel does not have it. */
export const settingName = (key: string): SettingName | undefined =>
	(SETTING_NAMES as Partial<Record<string, SettingName>>)[key];
