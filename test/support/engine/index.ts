// The host comes first: n8n-core needs reflect-metadata before it loads.
export { type BinaryMode, readBinary } from './host';
export type { SavedCredential } from './credentials';
export type { PausedExecution, Resumption, WorkflowResult } from './executeWorkflow';
export { expressionNode, type InputFile, type InputItem, photo } from './nodes';
export { listSearch, loadOptions, type PanelOptions, testCredential } from './panel';
export { type NodeOptions, type NodeResult, runNode, runWorkflow } from './run';
export type { WorkflowOptions } from './run';
export { activate, type ActiveTrigger, type TriggerOptions } from './trigger';
export type { WebhookAnswer, WebhookCall } from './webhook';
export type { WorkflowJson } from './workflowJson';
