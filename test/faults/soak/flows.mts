import type { WorkflowDefinition } from '../../support/n8n/client.mts';
import {
	byId,
	connections,
	imagen,
	inARow,
	limit,
	node,
	onRequest,
	type TestNode,
} from '../../e2e/helpers/workflows.mts';

/** A way from photos to results. */
export interface Flow {
	name: string;
	/** Started over HTTP at the flow's name, with the name and the folder of a project. */
	workflow: WorkflowDefinition;
	/** What becomes of a photo: files of its name with these endings. */
	results: string[];
	/** What a project is billed: so many edits and exports. */
	bill: { edits: number; exports: number };
}

const rawProfile = byId(14715);
/** Minutes pass quickly for the nodes, but not for the sandbox. */
const patience = { timeoutMinutes: 1000 };

/** Every step a node. */
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

const byPolling = { waitBy: 'poll', options: patience };

/** n8n looks once a minute for waits whose limit has passed. */
const byCallback = { waitBy: 'auto', options: limit(0.5) };

function create(more: Record<string, unknown> = {}): TestNode {
	const name = "={{ $('Projects').first().json.name }}";
	return imagen('Create', 'project', 'create', { name, ifNameExists: 'useExisting', ...more });
}

/** A file that does not come is told in an item, and the others go on. */
function download(name: string, job: string): TestNode {
	const node = imagen(name, job, 'download', { options: patience });
	return { ...node, onError: 'continueRegularOutput' } as TestNode;
}

/** All of it in one node. */
const shoot = imagen('Shoot', 'shoot', 'editPhotos', {
	profile: rawProfile,
	results: 'both',
	options: {
		projectName: "={{ $('Projects').first().json.name }}",
		ifNameExists: 'useExisting',
		...patience,
	},
});

const smartSteps = [
	create({ editingFlow: 'I2I' }),
	imagen('Upload', 'photo', 'upload'),
	imagen('Start Edit', 'edit', 'start', { editingFlow: 'I2I', whenFinished: 'resume' }),
	imagen('Wait for Edit', 'edit', 'wait', byCallback),
	download('Download Edits', 'edit'),
];

const regular = { results: ['.xmp', '.jpg'], bill: { edits: 1, exports: 1 } };
const smart = { results: ['.jpg'], bill: { edits: 1, exports: 0 } };

/** The flows that projects take in turn. */
export const flows: Flow[] = [
	{ name: 'callback', workflow: startingWith('callback', steps(byCallback, 'resume')), ...regular },
	{ name: 'polling', workflow: startingWith('polling', steps(byPolling, 'doNothing')), ...regular },
	{ name: 'shoot', workflow: startingWith('shoot', [shoot]), ...regular },
	{ name: 'smart', workflow: startingWith('smart', smartSteps), ...smart },
];

function startingWith(name: string, own: TestNode[]): WorkflowDefinition {
	const fileSelector = '={{ $json.folder }}/*.nef';
	const photos = node('Photos', 'n8n-nodes-base.readWriteFile', 1.1, {
		operation: 'read',
		fileSelector,
		options: {},
	});
	const nodes = [...onRequest(name), photos, ...own];
	return { name, nodes, connections: connections(inARow(nodes)) };
}
