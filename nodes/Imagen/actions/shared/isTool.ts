import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether an AI agent has called the node as its tool. n8n does not tell when its engine runs a tool as a node of its own:
 * that node is of a type with this ending.
 */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
