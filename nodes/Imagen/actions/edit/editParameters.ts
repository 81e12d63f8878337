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
	profileKeyOf,
	quoted,
	unlistedHint,
	type ProfileParameter,
} from '../shared/profileParameter';
import { toolsParameter } from './aiTools';
import { recommendationHint } from './recommendedTools';
import { conflictsIn, toToolFields, unknownTools, type ChosenTools } from './chosenTools';

/** What an edit is checked against. */
interface EditToCheck {
	/** The item whose parameters hold for the project. */
	itemIndex: number;
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
	itemIndex: number,
	editingFlow: EditingFlow,
	profileParameter?: ProfileParameter,
): EditRequest | SmartEditRequest {
	const tools = toToolFields(toolsOf(context, itemIndex, editingFlow), editingFlow);
	if (editingFlow === 'I2I') return tools;
	return {
		profile_key: profileKeyOf(context, itemIndex, profileParameter),
		photography_type: context.getNodeParameter('options.photographyType', itemIndex, 'NO_TYPE') as string,
		...tools,
	};
}

/** The AI tools that are chosen for an item. */
export function toolsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	editingFlow: EditingFlow,
): ChosenTools {
	return context.getNodeParameter(toolsParameter(editingFlow), itemIndex, {}) as ChosenTools;
}

/** Whatever Imagen would refuse about an edit, or bill without use. */
export async function findingsOfEdit(context: IExecuteFunctions, edit: EditToCheck): Promise<ItemError[]> {
	const findings = [
		await findingOf(context, edit.itemIndex, () => checkProfile(context, edit)),
		await findingOf(context, edit.itemIndex, () => checkToolsFit(context, edit)),
		await findingOf(context, edit.itemIndex, () => checkToolsAreKnown(context, edit)),
	];
	return findings.filter((finding) => finding !== undefined);
}

/** What is worth a second look in an edit that passed the checks. */
export function hintsOfEdit(
	context: IExecuteFunctions,
	{ itemIndex, editingFlow, profiles, profileParameter }: Omit<EditToCheck, 'imageType'>,
): string[] {
	if (editingFlow === 'I2I') return [];
	const isListed = chosenProfile(context, profiles, itemIndex, profileParameter) !== undefined;
	const type = context.getNodeParameter('options.photographyType', itemIndex, 'NO_TYPE') as string;
	const hints = [
		isListed ? undefined : unlistedHint(profileKeyOf(context, itemIndex, profileParameter)),
		recommendationHint(toolsOf(context, itemIndex, editingFlow), type),
	];
	return hints.filter((hint) => hint !== undefined);
}

function checkProfile(
	context: IExecuteFunctions,
	{ itemIndex, editingFlow, profiles, imageType, profileParameter = 'profile' }: EditToCheck,
) {
	if (editingFlow === 'I2I') return;
	const profile = chosenProfile(context, profiles, itemIndex, profileParameter);
	if (!profile || imageType === undefined || imageType === profile.image_type) return;
	throw new ImagenOperationError(
		context,
		`The profile '${profile.profile_name}' edits ${kindOf(profile.image_type)} photos, but the project has ${kindOf(imageType)} photos`,
		`Choose a profile for ${kindOf(imageType)} photos in ${quoted(profileParameter)}: the list shows what each profile edits. Nothing was sent.`,
		itemIndex,
	);
}

function checkToolsFit(context: IExecuteFunctions, { itemIndex, editingFlow, imageType }: EditToCheck) {
	const conflicts = conflictsIn(toolsOf(context, itemIndex, editingFlow), imageType);
	if (conflicts.length === 0) return;
	throw new ImagenOperationError(
		context,
		`'AI Tools' can't be used as they are set: ${conflicts.map(({ problem }) => problem).join('; ')}`,
		`In 'AI Tools', ${conflicts.map(({ remedy }) => remedy).join(', and ')}. Nothing was sent.`,
		itemIndex,
	);
}

/** Without its tool, the edit would be billed and not be what was asked for. */
function checkToolsAreKnown(context: IExecuteFunctions, { itemIndex, editingFlow }: EditToCheck) {
	const unknown = unknownTools(toolsOf(context, itemIndex, editingFlow), editingFlow).map(
		(name) => `'${name}'`,
	);
	if (unknown.length === 0) return;
	const names = unknown.join(' and ');
	throw new ImagenOperationError(
		context,
		`'AI Tools' has ${names}, which this version of the node doesn't know${editingFlow === 'I2I' ? ' in Smart Editing' : ''}`,
		`Update the Imagen AI node, or remove ${names} from 'AI Tools'. Nothing was sent.`,
		itemIndex,
	);
}
