import type { Resource } from '../shared/operation';
import { applyInstructionOperation } from './applyInstruction.operation';
import { applyToolOperation } from './applyTool.operation';
import { finalizeOperation } from './finalize.operation';
import { getToolsOperation } from './getTools.operation';
import { resetOperation } from './reset.operation';

/** The Retouch resource. */
export const retouchResource: Resource = {
	name: 'Retouch',
	description: 'Changes to single finished photos, by instruction or tool',
	defaultOperation: 'applyInstruction',
	operations: {
		applyInstruction: applyInstructionOperation,
		applyTool: applyToolOperation,
		finalize: finalizeOperation,
		reset: resetOperation,
		getTools: getToolsOperation,
	},
};
