import type { IExecuteFunctions } from 'n8n-workflow';

import type { EditRequest, SmartEditRequest } from '../../api/editRequest';
import { kindOf, type ImageType } from '../../api/formats';
import type { EditingFlow } from '../../api/projectRef';
import type { Profile } from '../../api/types';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { findingOf } from '../shared/aggregateError';
import type { ItemError } from '../shared/items';
import {
	chosenProfile,
	quoted,
	sharedProfileKey,
	unlistedHint,
	type ProfileParameter,
} from '../shared/profileParameter';
import { sharedParameter } from '../shared/sharedParameters';
import { toolsParameter } from './aiTools';
import { recommendationHint } from './recommendedTools';
import { conflictsIn, toToolFields, unknownTools, type ChosenTools } from './chosenTools';

/** What an edit is checked against. */
interface EditToCheck {
	/** The items whose parameters hold for the project. */
	parameterItems: number[];
	editingFlow: EditingFlow;
	/** All of the account; none for Smart Editing. */
	profiles: Profile[];
	/** Of the project's photos; undefined where it is not known. */
	imageType: ImageType | undefined;
	/** The parameter with the profile; `profile` if left out. */
	profileParameter?: ProfileParameter;
}

/** The edit as the panel has it. */
export function editRequestOf(
	context: IExecuteFunctions,
	parameterItems: number[],
	editingFlow: EditingFlow,
	profileParameter?: ProfileParameter,
): EditRequest | SmartEditRequest {
	const tools = toToolFields(toolsOf(context, parameterItems, editingFlow), editingFlow);
	if (editingFlow === 'I2I') return tools;
	return {
		profile_key: sharedProfileKey(context, parameterItems, profileParameter),
		photography_type: photographyTypeOf(context, parameterItems),
		...tools,
	};
}

/** The AI tools that are chosen for a project. */
export function toolsOf(
	context: IExecuteFunctions,
	parameterItems: number[],
	editingFlow: EditingFlow,
): ChosenTools {
	return sharedParameter(context, parameterItems, toolsParameter(editingFlow), {});
}

const photographyTypeOf = (context: IExecuteFunctions, parameterItems: number[]): string =>
	sharedParameter(context, parameterItems, 'options.photographyType', 'NO_TYPE');

/** Whatever Imagen would refuse about an edit, or bill without use. */
export async function findingsOfEdit(context: IExecuteFunctions, edit: EditToCheck): Promise<ItemError[]> {
	const [itemIndex] = edit.parameterItems;
	const findings: ItemError[] = [];
	for (const check of [checkProfile, checkType, checkToolsFit, checkToolsAreKnown]) {
		const finding = await findingOf(context, itemIndex, () => check(context, edit));
		if (finding) findings.push(finding);
	}
	// What keeps the tools from being read is found by each check of them.
	return [...new Set(findings)];
}

/** What is worth a second look in an edit that passed the checks. */
export function hintsOfEdit(
	context: IExecuteFunctions,
	{ parameterItems, editingFlow, profiles, profileParameter }: Omit<EditToCheck, 'imageType'>,
): string[] {
	if (editingFlow === 'I2I') return [];
	const isListed = chosenProfile(context, profiles, parameterItems, profileParameter) !== undefined;
	const type = photographyTypeOf(context, parameterItems);
	const hints = [
		isListed ? undefined : unlistedHint(sharedProfileKey(context, parameterItems, profileParameter)),
		recommendationHint(toolsOf(context, parameterItems, editingFlow), type),
	];
	return hints.filter((hint) => hint !== undefined);
}

function checkProfile(
	context: IExecuteFunctions,
	{ parameterItems, editingFlow, profiles, imageType, profileParameter = 'profile' }: EditToCheck,
) {
	if (editingFlow === 'I2I') return;
	const profile = chosenProfile(context, profiles, parameterItems, profileParameter);
	if (!profile || imageType === undefined || imageType === profile.image_type) return;
	throw new ImagenOperationError(
		context,
		`The profile '${profile.profile_name}' edits ${kindOf(profile.image_type)} photos, but the project has ${kindOf(imageType)} photos`,
		`Choose a profile for ${kindOf(imageType)} photos in ${quoted(profileParameter)}: the list shows what each profile edits. Nothing was started or billed.`,
		parameterItems[0],
	);
}

function checkType(context: IExecuteFunctions, { parameterItems, editingFlow }: EditToCheck) {
	if (editingFlow === 'REGULAR') photographyTypeOf(context, parameterItems);
}

function checkToolsFit(context: IExecuteFunctions, { parameterItems, editingFlow, imageType }: EditToCheck) {
	const conflicts = conflictsIn(toolsOf(context, parameterItems, editingFlow), imageType);
	if (conflicts.length === 0) return;
	throw new ImagenOperationError(
		context,
		`'AI Tools' can't be used as they are set: ${conflicts.map(({ problem }) => problem).join('; ')}`,
		`In 'AI Tools', ${conflicts.map(({ remedy }) => remedy).join(', and ')}. Nothing was started or billed.`,
		parameterItems[0],
	);
}

/** Without its tool, the edit would be billed and not be what was asked for. */
function checkToolsAreKnown(context: IExecuteFunctions, { parameterItems, editingFlow }: EditToCheck) {
	const unknown = unknownTools(toolsOf(context, parameterItems, editingFlow), editingFlow).map(
		(name) => `'${name}'`,
	);
	if (unknown.length === 0) return;
	const names = unknown.join(' and ');
	throw new ImagenOperationError(
		context,
		`'AI Tools' has ${names}, which this version of the node doesn't know${editingFlow === 'I2I' ? ' in Smart Editing' : ''}`,
		`Update the Imagen AI node, or remove ${names} from 'AI Tools'. Nothing was started or billed.`,
		parameterItems[0],
	);
}
