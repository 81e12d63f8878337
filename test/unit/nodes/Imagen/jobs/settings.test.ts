import { AI_TOOLS } from '../../../../../nodes/Imagen/actions/edit/aiTools';
import { photographyTypeOption } from '../../../../../nodes/Imagen/actions/edit/photographyType';
import { differences } from '../../../../../nodes/Imagen/jobs/settings';
import { settingName } from '../../../../../nodes/Imagen/jobs/settingNames';

test.each([
	[{ crop: true }, {}, "'Crop' off, not on"],
	[{}, { headshot_crop: true }, "'Headshot Crop' on, not off"],
	[{ photography_type: 'NO_TYPE' }, { photography_type: 'WEDDING' }, "'Photography Type' Wedding, not None"],
	[{ photography_type: 'SPORTS' }, {}, "'Photography Type' None, not Sports"],
	[{ crop_aspect_ratio: '4X5' }, { crop_aspect_ratio: '2X3' }, "'Crop Aspect Ratio' 2:3, not 4:5"],
	[{ hdr_output_compression: 'LOSSY' }, {}, "'HDR Output Compression' none, not Lossy"],
	[{}, { sky_replacement_template_id: 5 }, "'Sky Template Name or ID' 5, not none"],
	[{}, { deep_dream: true }, 'deep dream on, not off'],
	[{ crop_aspect_ratio: '1X1' }, { crop_aspect_ratio: '2X3' }, "'Crop Aspect Ratio' 2:3, not 1X1"],
	[{ profile_key: 1 }, { profile_key: 2 }, 'profile 2, not 1'],
	[{ export: true }, {}, 'export off, not on'],
])('what is asked for, %j, differs from %j: %s', (asked, used, words) => {
	expect(differences(asked, used)).toEqual([words]);
});

test('every setting of an edit has the name of its field in the panel', () => {
	for (const { field, apiField } of AI_TOOLS) expect(settingName(apiField)?.label).toBe(field.displayName);
	expect(settingName('photography_type')?.label).toBe(photographyTypeOption.displayName);
});
