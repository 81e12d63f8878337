import type { ToolFields } from '../../api/editRequest';
import type { ImageType } from '../../api/formats';
import type { EditingFlow } from '../../api/projectRef';
import { AI_TOOLS, toolsIn, type AiTool } from './aiTools';

/** The AI tools that a user chose, by their names in the panel. What is absent is off. */
export type ChosenTools = Partial<Record<string, boolean | number | string>>;

/** The API's fields for the chosen tools. A sky that is not chosen is not sent: Imagen takes its default. */
export function toToolFields(chosen: ChosenTools, editingFlow: EditingFlow): ToolFields {
	const fields: ToolFields = {};
	for (const { field, apiField, isNumber } of toolsIn(editingFlow)) {
		const value = chosen[field.name];
		if (value !== undefined && value !== '') fields[apiField] = isNumber ? Number(value) : value;
	}
	return fields;
}

/** The names of chosen tools that the editing flow does not have, as far as the table knows. */
export function unknownTools(chosen: ChosenTools, editingFlow: EditingFlow): string[] {
	const known = toolsIn(editingFlow).map(({ field }) => field.name);
	return Object.keys(chosen).filter((name) => chosen[name] && !known.includes(name));
}

/** What Imagen refuses or would ignore about a choice of tools: parts of sentences, with the panel's names. */
export interface ToolConflict {
	problem: string;
	/** Such as: add 'Sky Replacement'. */
	remedy: string;
}

/**
 * Looks for conflicts in a choice of tools; empty if all is well.
 *
 * @param imageType of the photos, where it is known
 */
export function conflictsIn(chosen: ChosenTools, imageType?: ImageType): ToolConflict[] {
	const tools = AI_TOOLS.filter((tool) => isChosen(tool, chosen));
	return [...exclusionsAmong(tools), ...tools.flatMap((tool) => problemsOf(tool, tools, chosen, imageType))];
}

/** A number can be 0 and chosen. */
function isChosen({ field, isNumber }: AiTool, chosen: ChosenTools): boolean {
	const value = chosen[field.name];
	return isNumber ? value !== undefined && value !== '' : Boolean(value);
}

function exclusionsAmong(tools: AiTool[]): ToolConflict[] {
	const groups = [...new Set(tools.map(({ group }) => group))].filter((group) => group !== undefined);
	return groups
		.map((group) => labelsOf(tools, group))
		.filter((labels) => labels.length > 1)
		.map((labels) => ({
			problem: `${listed(labels, 'and')} can't be used together`,
			remedy: `keep only ${listed(labels, 'or')}`,
		}));
}

function problemsOf(
	tool: AiTool,
	tools: AiTool[],
	chosen: ChosenTools,
	imageType?: ImageType,
): ToolConflict[] {
	const label = labelOf(tool);
	const { field, needs, needsGroup, rawOnly, isNumber } = tool;
	const needed = AI_TOOLS.find((other) => other.field.name === needs);
	const conflicts: ToolConflict[] = [];
	if (needsGroup && labelsOf(tools, needsGroup).length === 0)
		conflicts.push({
			problem: `${label} needs ${needsGroup}`,
			remedy: `add ${listed(labelsOf(AI_TOOLS, needsGroup), 'or')}`,
		});
	if (needed && !tools.includes(needed))
		conflicts.push({
			problem: `${label} needs ${labelOf(needed)}`,
			remedy: `${needed.field.name in chosen ? 'turn on' : 'add'} ${labelOf(needed)}`,
		});
	if (rawOnly && imageType === 'JPG')
		conflicts.push({ problem: `${label} is for RAW photos only`, remedy: `remove ${label}` });
	if (isNumber && !Number.isInteger(Number(chosen[field.name])))
		conflicts.push({
			problem: `${label} is not a whole number`,
			remedy: `choose the sky in ${label} from the list`,
		});
	return conflicts;
}

/** A tool as it is named in errors and hints. */
export const labelOf = ({ field }: AiTool) => `'${field.displayName}'`;

const labelsOf = (tools: AiTool[], group: string) =>
	tools.filter((tool) => tool.group === group).map(labelOf);

/** Such as: 'Crop', 'Headshot Crop' or 'Portrait Crop'. */
export const listed = (labels: string[], word: 'and' | 'or') =>
	labels.join(', ').replace(/, (?=[^,]*$)/, ` ${word} `);
