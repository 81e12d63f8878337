import type { WorkflowDefinition } from '../../support/n8n/n8nClient.mts';
import {
	byId,
	connections,
	imagen,
	inARow,
	limit,
	onRequest,
	readFiles,
	type TestNode,
} from '../../support/n8n/workflowNodes.mts';

/** A workflow that brings the photos of a project to their results. */
export interface SoakWorkflow {
	name: string;
	/** Started over HTTP under the workflow's name, with the name and the folder of a project. */
	definition: WorkflowDefinition;
	/** A photo's results have its name with these extensions. */
	resultExtensions: string[];
	/** What a project is to be billed. */
	bill: { edits: number; exports: number };
}

const rawProfile = byId(14715);
/** Time runs faster for the nodes than for the sandbox, so their own time-out would come too early. */
const noTimeout = { timeoutMinutes: 1000 };

/** One node for each step. */
function steps(wait: Record<string, unknown>, whenFinished: string): TestNode[] {
	return [
		create(),
		imagen('Upload', 'photo', 'upload'),
		imagen('Start Edit', 'edit', 'start', { profile: rawProfile, whenFinished }),
		imagen('Wait for Edit', 'edit', 'wait', wait),
		download('Download Edits', 'edit'),
		imagen('Start Export', 'export', 'start'),
		imagen('Wait for Export', 'export', 'wait', byPolling),
		download('Download Exports', 'export'),
	];
}

const byPolling = { waitBy: 'poll', options: noTimeout };

/** A short limit: n8n looks for passed limits once a minute. */
const byCallback = { waitBy: 'auto', options: limit(0.5) };

function create(more: Record<string, unknown> = {}): TestNode {
	const name = "={{ $('Projects').first().json.name }}";
	return imagen('Create', 'project', 'create', { name, ifNameExists: 'useExisting', ...more });
}

/** A file that fails becomes an error item, and the others continue. */
function download(name: string, job: string): TestNode {
	const node = imagen(name, job, 'download', { options: noTimeout });
	return { ...node, onError: 'continueRegularOutput' } as TestNode;
}

/** The same in one node. */
const shoot = imagen('Shoot', 'shoot', 'editPhotos', {
	profile: rawProfile,
	results: 'both',
	projectName: "={{ $('Projects').first().json.name }}",
	ifNameExists: 'useExisting',
	options: noTimeout,
});

const smartSteps = [
	create({ editingFlow: 'I2I' }),
	imagen('Upload', 'photo', 'upload'),
	imagen('Start Edit', 'edit', 'start', { editingFlow: 'I2I', whenFinished: 'resume' }),
	imagen('Wait for Edit', 'edit', 'wait', byCallback),
	download('Download Edits', 'edit'),
];

const regular = { resultExtensions: ['.xmp', '.jpg'], bill: { edits: 1, exports: 1 } };
const smart = { resultExtensions: ['.jpg'], bill: { edits: 1, exports: 0 } };

/** The workflows, which projects use in turn. */
export const soakWorkflows: SoakWorkflow[] = [
	{ name: 'callback', definition: definitionOf('callback', steps(byCallback, 'resume')), ...regular },
	{ name: 'polling', definition: definitionOf('polling', steps(byPolling, 'doNothing')), ...regular },
	{ name: 'shoot', definition: definitionOf('shoot', [shoot]), ...regular },
	{ name: 'smart', definition: definitionOf('smart', smartSteps), ...smart },
];

function definitionOf(name: string, own: TestNode[]): WorkflowDefinition {
	const fileSelector = '={{ $json.folder }}/*.nef';
	const photos = readFiles('Photos', fileSelector);
	const nodes = [...onRequest(name), photos, ...own];
	return { name, nodes, connections: connections(inARow(nodes)) };
}
