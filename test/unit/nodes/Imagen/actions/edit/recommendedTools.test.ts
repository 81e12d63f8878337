import { photographyTypeOption } from '../../../../../../nodes/Imagen/actions/edit/photographyType';
import { recommendationHint } from '../../../../../../nodes/Imagen/actions/edit/recommendedTools';

test('a choice of tools that Imagen recommends for the photography type is worth no hint', () => {
	const tools = { portraitCrop: true, smoothSkin: true, subjectMask: true, straighten: true };
	expect(recommendationHint(tools, 'WEDDING')).toBeUndefined();
	expect(recommendationHint({ ...tools, windowPull: true }, 'WEDDING')).toBeUndefined();
});

test('one of two tools that are recommended is enough', () => {
	const tools = { headshotCrop: true, smoothSkin: true, subjectMask: true };
	expect(recommendationHint(tools, 'FAMILY_NEWBORN')).toBeUndefined();
	expect(recommendationHint({ ...tools, headshotCrop: false }, 'FAMILY_NEWBORN')).toContain(
		"'Portrait Crop' or 'Headshot Crop'",
	);
});

test('a tool that excludes a recommended one is named', () => {
	const tools = { crop: true, windowPull: true, hdrMerge: true, straighten: true };
	expect(recommendationHint(tools, 'REAL_ESTATE')).toBe(
		"For Real Estate, Imagen's SDK also recommends 'Perspective Correction' instead of 'Straighten'. This node uses 'AI Tools' as you set them.",
	);
});

test.each(['NO_TYPE', 'OTHER', 'a type of tomorrow'])('for %s nothing is recommended', (type) => {
	expect(recommendationHint({}, type)).toBeUndefined();
});

test('for every other type of the panel something is recommended', () => {
	const types = (photographyTypeOption.options as Array<{ value: string }>).map(({ value }) => value);
	const without = types.filter((type) => recommendationHint({}, type) === undefined);
	expect(without).toEqual(['NO_TYPE', 'OTHER']);
});
