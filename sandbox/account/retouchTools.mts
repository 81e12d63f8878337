/** A ready-made retouch of Copilot's, as the API lists it. */
export interface AiTool {
	enhancement_type: string;
	label: string;
	enabled_for_batch: boolean;
}

/** Made up; what the real ones are is not documented. */
export const aiTools: AiTool[] = [
	{ enhancement_type: 'remove_objects', label: 'Remove objects', enabled_for_batch: false },
	{ enhancement_type: 'clean_floor', label: 'Clean the floor', enabled_for_batch: true },
	{ enhancement_type: 'whiten_teeth', label: 'Whiten teeth', enabled_for_batch: true },
	{ enhancement_type: 'blur_background', label: 'Blur the background', enabled_for_batch: true },
	{ enhancement_type: 'day_to_dusk', label: 'Day to dusk', enabled_for_batch: false },
];
