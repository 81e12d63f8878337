export type { SavedCredential } from './credentials';
export { type BinaryMode, readBinary } from './host';
export { type InputFile, type InputItem, photo } from './nodes';
export {
	type NodeOptions,
	type NodeResult,
	runNode,
	runWorkflow,
	type WorkflowJson,
	type WorkflowOptions,
	type WorkflowResult,
} from './run';
