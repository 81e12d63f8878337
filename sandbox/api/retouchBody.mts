import type { EditingFlow, RetouchOrder } from '../account/project.mts';
import { checkText, isOneOf, notAmong } from './bodyChecks.mts';
import { finding, unprocessable, type Finding } from './errors.mts';

const editingFlows: EditingFlow[] = ['REGULAR', 'I2I'];
const longestInstruction = 255;

/** What a Copilot call asks for. */
export interface RetouchBody {
	editingFlow: EditingFlow;
	request: RetouchOrder['request'];
	/** Null for the result itself. */
	parentId: number | null;
}

/** Reads the body of a retouch in words; throws an ApiError with all that is wrong with it. */
export function readCopilotBody(body: Record<string, unknown>): RetouchBody {
	const common = readCommon(body, checkInstruction(body));
	return { ...common, request: { instruction: body.instruction as string } };
}

/** Reads the body of a retouch by a tool; throws an ApiError with all that is wrong with it. */
export function readEnhanceBody(body: Record<string, unknown>): RetouchBody {
	const common = readCommon(body, checkText(body, 'tool_id'));
	return { ...common, request: { tool_id: body.tool_id as string } };
}

/** Reads `project_source` from a query or a body; throws an ApiError if it is missing or another word. */
export function readEditingFlow(from: 'query' | 'body', fields: Record<string, unknown>): EditingFlow {
	const findings = checkEditingFlow(fields).map((found) => ({ ...found, loc: [from, 'project_source'] }));
	if (findings.length > 0) throw unprocessable(findings);
	return fields.project_source as EditingFlow;
}

function readCommon(body: Record<string, unknown>, own: Finding[]): Omit<RetouchBody, 'request'> {
	const findings = [...own, ...checkParent(body), ...checkEditingFlow(body)];
	if (findings.length > 0) throw unprocessable(findings);
	const { project_source: editingFlow, parent_version_id: parentId } = body;
	return { editingFlow: editingFlow as EditingFlow, parentId: (parentId ?? null) as number | null };
}

function checkInstruction(body: Record<string, unknown>): Finding[] {
	const findings = checkText(body, 'instruction');
	if (findings.length > 0) return findings;
	// Characters as Python counts them, not halves of surrogate pairs.
	if ([...(body.instruction as string)].length <= longestInstruction) return [];
	const words = `ensure this value has at most ${longestInstruction} characters`;
	return [finding('instruction', words, 'value_error.any_str.max_length')];
}

function checkParent({ parent_version_id: id }: Record<string, unknown>): Finding[] {
	return Number.isInteger(id ?? 0)
		? []
		: [finding('parent_version_id', 'value is not a valid integer', 'type_error.integer')];
}

function checkEditingFlow(fields: Record<string, unknown>): Finding[] {
	if (fields.project_source === undefined) {
		return [finding('project_source', 'field required', 'value_error.missing')];
	}
	return isOneOf(fields.project_source, editingFlows) ? [] : [notAmong('project_source', editingFlows)];
}
