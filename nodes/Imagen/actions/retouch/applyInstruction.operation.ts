import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';
import { counted } from '../../errors/lists';
import { requiredText } from '../shared/emptyField';
import type { Operation } from '../shared/operation';
import { apply, applyFields } from './apply';

/** The most that the API takes. */
const LONGEST_INSTRUCTION = 255;

const instructionField: INodeProperties = {
	displayName: 'Instruction',
	name: 'instruction',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'e.g. Remove the lamp post on the left',
	description: `What to do to the photo, in plain words of up to ${LONGEST_INSTRUCTION} characters`,
};

/** Apply instruction to photos */
export const applyInstructionOperation: Operation = {
	name: 'Apply Instruction',
	action: 'Apply instruction to photos',
	description: 'Change finished photos as you describe it in words. Imagen bills each photo.',
	fields: applyFields(instructionField),
	execute,
};

async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await apply(this, (itemIndex) => ({ instruction: instructionOf(this, itemIndex) }));
}

const SAY_WHAT_TO_CHANGE = 'Say what to change in the photo, such as: Remove the lamp post on the left.';

function instructionOf(context: IExecuteFunctions, itemIndex: number): string {
	const instruction = requiredText(context, instructionField, itemIndex, SAY_WHAT_TO_CHANGE);
	const { length } = [...instruction];
	if (length > LONGEST_INSTRUCTION) {
		throw new ImagenOperationError(
			context,
			`'Instruction' is ${counted(length)} characters long`,
			`Shorten it, or split it across several items or nodes: each builds on the one before. Imagen accepts up to ${LONGEST_INSTRUCTION} characters.`,
			itemIndex,
		);
	}
	return instruction;
}
