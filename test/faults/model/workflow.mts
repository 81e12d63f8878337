import type { INodeParameters } from 'n8n-workflow';
import { photo, type InputItem, type WorkflowJson } from '../../support/engine/index.ts';
import { byId, NODE_TYPE } from '../../support/imagen.ts';
import type { Execution, NodesInARow, ShootNode, StartOrder } from './commands.mts';

/** How long Wait, Download and Shoot wait for Imagen, in minutes: more than its slowest edit and export take together. */
export const PATIENCE_MINUTES = 45;

interface NamedNode {
	name: string;
	operation: `${string}.${string}`;
	parameters: INodeParameters;
}

/** The workflow of an execution as n8n exports it. */
export function workflowOf(execution: Execution): WorkflowJson {
	const { nodes, retriesOnFail, continues, workflow } = execution;
	const row = nodes.kind === 'shoot' ? [shootNode(execution, nodes)] : nodesInARow(execution, nodes);
	const settings = retriesOnFail ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } : {};
	const continuing = ['Upload', 'Shoot'];
	return {
		id: `workflow-${workflow}`,
		nodes: [
			{ ...placed('Photos', 'n8n-nodes-base.manualTrigger'), parameters: {} },
			...row.map(({ name, operation, parameters }) => {
				const [resource, action] = operation.split('.');
				return {
					...placed(name, NODE_TYPE),
					parameters: { resource, operation: action, ...parameters },
					...settings,
					...(continues && continuing.includes(name) && { onError: 'continueRegularOutput' as const }),
				};
			}),
		],
		connections: Object.fromEntries(
			row.map(({ name }, index) => [
				row[index - 1]?.name ?? 'Photos',
				{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
			]),
		),
	};
}

/** What enters the workflow: an item for each photo, with the project's ID where it is known. */
export function itemsOf(execution: Execution, projectUuid?: string): InputItem[] {
	const json = projectUuid ? { project_uuid: projectUuid } : {};
	return photosOf(execution).map(({ fileName, bytes }) => photo(fileName, bytes, json));
}

/** A photo, whose bytes begin with what tells it from all others. */
export interface Photo {
	fileName: string;
	id: string;
	bytes: Buffer;
}

/** The photos that a workflow is given. */
export function photosOf({ projectName, photos: { card, numbers } }: Execution): Photo[] {
	return numbers.map((number) => rawPhoto(number, `${projectName} ${card}${number}`));
}

export function rawPhoto(number: number, id: string): Photo {
	return { fileName: `IMG_${number}.NEF`, id, bytes: Buffer.from(`${id}\n`.padEnd(300, '\0')) };
}

/** Which photo it was, by its first bytes. */
export const photoIdOf = (firstBytes: Buffer): string => firstBytes.toString().split('\n')[0];

const placed = (name: string, type: string) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0] as [number, number],
});

function nodesInARow({ projectName }: Execution, nodes: NodesInARow): NamedNode[] {
	const { find, uploads, starts, waits, downloads, exports } = nodes;
	const options = { timeoutMinutes: PATIENCE_MINUTES };
	const node = (name: string, operation: NamedNode['operation'], parameters: INodeParameters = {}) => ({
		name,
		operation,
		parameters,
	});
	const row = [
		...(find.startsWith('create')
			? [node('Create', 'project.create', { name: projectName, ifNameExists: find.slice(8) })]
			: []),
		...(uploads ? [node('Upload', 'photo.upload')] : []),
		...starts.map((start, index) => node(`Start ${index + 1}`, 'edit.start', startParameters(start))),
		...(waits ? [node('Wait', 'edit.wait', { waitBy: 'auto', options })] : []),
		...(downloads ? [node('Download', 'edit.download', { options })] : []),
		...(exports
			? [
					node('Export Start', 'export.start', {
						options: { ...options, ifAlreadyStarted: exports.ifAlreadyStarted },
					}),
				]
			: []),
		...(exports?.waits ? [node('Export Wait', 'export.wait', { waitBy: 'poll', options })] : []),
		...(exports?.downloads ? [node('Export Download', 'export.download', { options })] : []),
	];
	if (find !== 'by name' || row.length === 0) return row;
	const [first, ...others] = row;
	const project = { __rl: true, mode: 'name', value: projectName } as INodeParameters;
	return [{ ...first, parameters: { ...first.parameters, project } }, ...others];
}

function shootNode({ projectName }: Execution, { find, start, results }: ShootNode): NamedNode {
	return {
		name: 'Shoot',
		operation: 'shoot.editPhotos',
		parameters: {
			profile: byId(start.profile),
			results,
			projectName,
			ifNameExists: find.slice(8),
			options: {
				ifAlreadyStarted: start.ifAlreadyStarted,
				timeoutMinutes: PATIENCE_MINUTES,
			},
		},
	};
}

function startParameters({ ifAlreadyStarted, profile, exports, resumes }: StartOrder): INodeParameters {
	const whenFinished = resumes ? 'resume' : 'doNothing';
	return { profile: byId(profile), whenFinished, options: { ifAlreadyStarted, export: exports } };
}
