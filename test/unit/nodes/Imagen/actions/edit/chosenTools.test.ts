import {
	conflictsIn,
	toToolFields,
	unknownTools,
} from '../../../../../../nodes/Imagen/actions/edit/chosenTools';

test("the panel's AI tools become the API's fields", () => {
	const tools = {
		crop: true,
		cropAspectRatio: '4X5',
		hdrMerge: true,
		hdrOutputCompression: 'LOSSY',
		headshotCrop: false,
		perspectiveCorrection: true,
		portraitCrop: false,
		skyReplacement: true,
		skyReplacementTemplateId: 7,
		smoothSkin: true,
		straighten: false,
		subjectMask: true,
		windowPull: true,
	};
	expect(toToolFields(tools, 'REGULAR')).toEqual({
		crop: true,
		crop_aspect_ratio: '4X5',
		hdr_merge: true,
		hdr_output_compression: 'LOSSY',
		headshot_crop: false,
		perspective_correction: true,
		portrait_crop: false,
		sky_replacement: true,
		sky_replacement_template_id: 7,
		smooth_skin: true,
		straighten: false,
		subject_mask: true,
		window_pull: true,
	});
	expect(toToolFields({}, 'REGULAR')).toEqual({});
});

test.each([
	[
		{ crop: true, portraitCrop: true },
		"'Crop' and 'Portrait Crop' can't be used together",
		"keep only 'Crop' or 'Portrait Crop'",
	],
	[
		{ headshotCrop: true, portraitCrop: true },
		"'Headshot Crop' and 'Portrait Crop' can't be used together",
		"keep only 'Headshot Crop' or 'Portrait Crop'",
	],
	[
		{ straighten: true, perspectiveCorrection: true },
		"'Straighten' and 'Perspective Correction' can't be used together",
		"keep only 'Straighten' or 'Perspective Correction'",
	],
	[
		{ cropAspectRatio: '2X3' },
		"'Crop Aspect Ratio' needs a crop",
		"add 'Crop', 'Headshot Crop' or 'Portrait Crop'",
	],
	[
		{ cropAspectRatio: '2X3', crop: false },
		"'Crop Aspect Ratio' needs a crop",
		"add 'Crop', 'Headshot Crop' or 'Portrait Crop'",
	],
	[{ hdrOutputCompression: 'LOSSY' }, "'HDR Output Compression' needs 'HDR Merge'", "add 'HDR Merge'"],
	[
		{ skyReplacementTemplateId: 0 },
		"'Sky Template Name or ID' needs 'Sky Replacement'",
		"add 'Sky Replacement'",
	],
	[
		{ skyReplacementTemplateId: 3, skyReplacement: false },
		"'Sky Template Name or ID' needs 'Sky Replacement'",
		"turn on 'Sky Replacement'",
	],
	[
		{ skyReplacement: true, skyReplacementTemplateId: 'Sunset' },
		"'Sky Template Name or ID' is not a whole number",
		"choose the sky in 'Sky Template Name or ID' from the list",
	],
])('the AI tools %j are refused together: %s; %s', (tools, problem, remedy) => {
	expect(conflictsIn(tools)).toEqual([{ problem, remedy }]);
});

test.each([
	[{}],
	[{ crop: true, portraitCrop: false, headshotCrop: false }],
	[{ straighten: true, perspectiveCorrection: false }],
	[{ portraitCrop: true, cropAspectRatio: '5X7' }],
	[{ hdrMerge: true, hdrOutputCompression: 'LOSSLESS' }],
	[{ skyReplacement: true, skyReplacementTemplateId: 3 }],
])('the AI tools %j are accepted together', (tools) => {
	expect(conflictsIn(tools)).toEqual([]);
});

test('all AI tools that do not fit together are listed at once', () => {
	expect(conflictsIn({ straighten: true, perspectiveCorrection: true, cropAspectRatio: '2X3' })).toHaveLength(
		2,
	);
});

test('a tool that the editing flow does not have is found, if it is on', () => {
	expect(unknownTools({ crop: true, hdrMerge: true }, 'I2I')).toEqual(['crop']);
	expect(unknownTools({ crop: false, hdrMerge: true }, 'I2I')).toEqual([]);
	expect(unknownTools({ crop: true, noSuchTool: true }, 'REGULAR')).toEqual(['noSuchTool']);
});

test('a tool of the other editing flow is not in the request', () => {
	expect(toToolFields({ crop: true, hdrMerge: true }, 'I2I')).toEqual({ hdr_merge: true });
});
