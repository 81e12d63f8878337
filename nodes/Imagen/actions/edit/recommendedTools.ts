import { AI_TOOLS, type AiTool } from './aiTools';
import { labelOf, listed, type ChosenTools } from './chosenTools';
import { photographyTypeOption } from './photographyType';

/** The fields of tools, of which one each is recommended. */
type Recommendation = string[][];

const PORTRAITS: Recommendation = [['portraitCrop'], ['smoothSkin'], ['subjectMask'], ['straighten']];
const FAMILY: Recommendation = [['portraitCrop', 'headshotCrop'], ['smoothSkin'], ['subjectMask']];
const EVENTS: Recommendation = [['crop'], ['straighten'], ['subjectMask']];

/** The tools that Imagen's SDK recommends by photography type (imagen-ai-sdk, docs/WORKFLOWS.md). */
const RECOMMENDED: Partial<Record<string, Recommendation>> = {
	PORTRAITS,
	WEDDING: PORTRAITS,
	FAMILY_NEWBORN: FAMILY,
	BOUDOIR: FAMILY,
	SCHOOL: [['headshotCrop'], ['smoothSkin'], ['perspectiveCorrection'], ['subjectMask']],
	REAL_ESTATE: [['crop'], ['perspectiveCorrection'], ['windowPull'], ['hdrMerge']],
	LANDSCAPE_NATURE: [['crop'], ['straighten'], ['skyReplacement'], ['hdrMerge']],
	EVENTS,
	SPORTS: EVENTS,
};

/**
 * How the chosen tools differ from those that Imagen's SDK recommends for a photography type; undefined where they do not. It is
 * a hint: the tools are used as they are chosen.
 */
export function recommendationHint(chosen: ChosenTools, photographyType: string): string | undefined {
	const recommended = RECOMMENDED[photographyType] ?? [];
	const missing = recommended.filter((names) => !names.some((name) => chosen[name]));
	if (missing.length === 0) return undefined;
	const lacking = missing.map((names) => names.map(labelNamed).join(' or '));
	const contrary = AI_TOOLS.filter(
		({ field, group }) =>
			chosen[field.name] && missing.flat().some((name) => group && toolNamed(name).group === group),
	);
	return [
		`For ${typeNamed(photographyType)}, Imagen's SDK also recommends ${listed(lacking, 'and')}`,
		contrary.length > 0 ? ` instead of ${listed(contrary.map(labelOf), 'and')}` : '',
		". This node uses 'AI Tools' as you set them.",
	].join('');
}

const toolNamed = (name: string) => AI_TOOLS.find(({ field }) => field.name === name) as AiTool;

const labelNamed = (name: string) => labelOf(toolNamed(name));

/** The type by its name in the panel. */
function typeNamed(value: string): string {
	const option = photographyTypeOption.options?.find((entry) => 'value' in entry && entry.value === value);
	return option?.name ?? value;
}
