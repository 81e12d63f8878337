import type {
	IExecuteFunctions,
	INodeExecutionData,
	IWorkflowDataProxyData,
	NodeTypeAndVersion,
} from 'n8n-workflow';

import { orUndefined } from '../../api/settle';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { firstNames, quotedName } from '../../errors/lists';

/** Where items without a file come from. */
interface Origin {
	/** The node before this one; undefined where n8n does not say, as for an AI agent's tool. */
	previous?: string;
	/** Whether it gave nothing: one empty item, or several. A trigger's item may be empty. */
	isNothing?: boolean;
	/** The node that got the files and did not pass them on. */
	dropper?: NodeTypeAndVersion;
}

/** As far back as it is worth to look. */
const MOST_NODES = 30;

/** Of each run, by binary field: thousands of items may lack their file for the same reason. */
const known = new WeakMap<IExecuteFunctions, Map<string | undefined, Origin>>();

/**
 * The error for an item that does not have the file.
 *
 * @param field its binary field; undefined where any would do
 * @param canBeAll whether `*` takes the files of all fields
 */
export function noFile(
	context: IExecuteFunctions,
	itemIndex: number,
	field?: string,
	canBeAll = false,
): ImagenOperationError {
	const { previous, dropper, isNothing } = originOf(context, field);
	if (dropper) {
		const message =
			field === undefined
				? `There are no photos to upload: ${quotedName(dropper.name)} did not pass on the files`
				: `${quotedName(dropper.name)} did not pass on the file in '${field}'`;
		return new ImagenOperationError(context, message, remedyFor(dropper), itemIndex);
	}
	if (previous !== undefined && isNothing) return nothingFound(context, previous, itemIndex);
	const from = previous === undefined ? '' : ` from ${quotedName(previous)}`;
	const message =
		field === undefined
			? `There are no photos to upload: the items${from} have no files`
			: `The item${from} has no file in '${field}'`;
	const others = field === undefined ? [] : Object.keys(context.getInputData()[itemIndex].binary ?? {});
	return others.length > 0
		? new ImagenOperationError(
				context,
				`${message}, only in ${firstNames(others)}`,
				`In 'Input Binary Field', enter the name of the field with the photo${canBeAll ? ', or * for all fields of each item' : ''}.`,
				itemIndex,
			)
		: new ImagenOperationError(
				context,
				message,
				"Add a node before this one that gets the files themselves, not just their names, and check 'Input Binary Field'.",
				itemIndex,
			);
}

const nothingFound = (context: IExecuteFunctions, previous: string, itemIndex: number) =>
	new ImagenOperationError(
		context,
		`${quotedName(previous)} found no files`,
		`Check its path or folder. If ${quotedName(previous)} does not get files, add a node before this one that gets the files themselves.`,
		itemIndex,
	);

/** What to do about a node that takes the files away. */
function remedyFor({ name, type, typeVersion }: NodeTypeAndVersion): string {
	if (type !== 'n8n-nodes-base.set')
		return `Make ${quotedName(name)} pass on the files, connect this node directly to the node that reads the files, or bring the files back with a Merge node.`;
	const option =
		typeVersion < 3.4
			? "add the option 'Include Binary File'"
			: "turn on 'Include Other Input Fields', and add the option 'Strip Binary Data', turned off";
	return `In ${quotedName(name)}, ${option}. Or connect this node directly to the node that reads the files.`;
}

function originOf(context: IExecuteFunctions, field?: string): Origin {
	const origins = known.get(context) ?? new Map<string | undefined, Origin>();
	known.set(context, origins);
	const origin = origins.get(field) ?? findOrigin(context, field);
	origins.set(field, origin);
	return origin;
}

function findOrigin(context: IExecuteFunctions, field?: string): Origin {
	const previous = orUndefined(() => context.getInputSourceData().previousNode);
	if (previous === undefined) return {};
	const proxy = context.getWorkflowDataProxy(0);
	const holdsFile = ({ binary = {} }: INodeExecutionData) =>
		field === undefined ? Object.keys(binary).length > 0 : field in binary;
	const hasFiles = (name: string) => itemsFrom(proxy, name).some(holdsFile);
	if (context.getInputData().some(holdsFile)) return { previous };

	let node = parentsOf(context, context.getNode().name).find(({ name }) => name === previous);
	const isTrigger = /trigger$/i.test(node?.type ?? '');
	for (let steps = 0; node && steps < MOST_NODES; steps++) {
		const parents: NodeTypeAndVersion[] = parentsOf(context, node.name);
		if (parents.some(({ name }) => hasFiles(name))) return { previous, dropper: node };
		node = parents.find(({ name }) => itemsFrom(proxy, name).length > 0);
	}
	return { previous, isNothing: !isTrigger && context.getInputData().every(isEmpty) };
}

const isEmpty = ({ json, binary = {} }: INodeExecutionData) =>
	Object.keys(json).length + Object.keys(binary).length === 0;

const parentsOf = (context: IExecuteFunctions, name: string): NodeTypeAndVersion[] =>
	orUndefined(() => context.getParentNodes(name, { depth: 1 })) ?? [];

/** What a node gave; n8n throws for one that has not run. */
const itemsFrom = (proxy: IWorkflowDataProxyData, name: string): INodeExecutionData[] =>
	orUndefined(() => (proxy.$(name) as { all(): INodeExecutionData[] }).all()) ?? [];
