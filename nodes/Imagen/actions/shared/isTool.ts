import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether an AI agent has called the node as its tool. When n8n's engine runs a tool as a node of its own, only the node's type
 * shows it: it ends in `Tool`.
 */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
