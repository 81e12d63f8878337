import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

/** Which operation a node is set to, in an expression of its description: `edit.start`. */
export const CHOSEN_OPERATION = '$parameter["resource"] + "." + $parameter["operation"]';

/** One thing that a user can do; its file holds all of it. */
export interface Operation {
	/** Its label under the resource. */
	name: string;
	/** How it is found in n8n's list of actions. */
	action: string;
	description: string;
	fields: INodeProperties[];
	/** Takes the node's input itself, because most operations work on all items at once. */
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[]>;
}

/** What a user works on, with all that can be done to it, by the values that saved workflows hold. */
export interface Resource {
	name: string;
	description: string;
	defaultOperation: string;
	operations: Record<string, Operation>;
}
