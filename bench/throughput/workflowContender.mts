import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
	Credential,
	Execution,
	N8nClient,
	WorkflowDefinition,
} from '../../test/support/n8n/n8nClient.mts';
import { root } from '../../test/support/root.mts';
import { checkBytes, OTHERS_AT_ONCE, type Contender, type Job } from './contender.mts';
import { measureUsage } from '../shared/processUsage.mts';

export interface N8nSettings {
	client: N8nClient;
	credential: Credential;
	apiUrl: string;
	/** Of the usage server in n8n. */
	socket: string;
	/** n8n's folder for binary data. */
	storage: string;
}

interface WorkflowFile extends WorkflowDefinition {
	nodes: Array<WorkflowDefinition['nodes'][number] & { parameters: Record<string, unknown> }>;
}

const baseUrl = 'https://api-beta.imagen-ai.com/v1';

/**
 * A contender that is a workflow in real n8n. The photos are pinned to its first node, as n8n's editor pins data: reading
 * them from disk into n8n is not measured.
 *
 * @param workflows the name of its file by direction
 */
export function workflowContender(
	name: string,
	workflows: Record<Job['direction'], string>,
	n8n: N8nSettings,
): Contender {
	return {
		name,
		async run(job) {
			const { client, socket, storage } = n8n;
			const workflow = await client.createWorkflow(await definitionOf(workflows[job.direction], job, n8n));
			const { result: execution, usage } = await measureUsage(
				socket,
				async () => await client.executionEnd(await client.run(workflow, 'Photos')),
			);
			if (execution.status !== 'success')
				throw new Error(`${name}: ${execution.error?.message ?? execution.status}`);
			const written = join(storage, 'workflows');
			if (job.direction === 'download') await checkBytes(written, job.set.count * job.set.bytes);
			await rm(written, { recursive: true, force: true });
			return { seconds: secondsOf(execution), usage };
		},
	};
}

async function definitionOf(file: string, { set, photos, direction, atOnce }: Job, n8n: N8nSettings) {
	const text = await readFile(join(root, 'bench/throughput/workflows', `${file}.json`), 'utf8');
	const definition = JSON.parse(text.replaceAll(baseUrl, n8n.apiUrl)) as WorkflowFile;
	const { id, name } = n8n.credential;
	for (const node of definition.nodes) {
		const { type, parameters } = node;
		if (type === 'n8n-nodes-imagen-ai.imagen' || parameters.nodeCredentialType === 'imagenApi')
			node.credentials = { imagenApi: { id, name } };
		if (type === 'n8n-nodes-imagen-ai.imagen') {
			// The node remembers which photos a project has, so each run has one of its own.
			parameters.project = { __rl: true, mode: 'id', value: `bench-${randomUUID()}` };
			if (atOnce)
				parameters.options = { [direction === 'upload' ? 'parallelUploads' : 'parallelDownloads']: atOnce };
		}
		if (type === 'n8n-nodes-base.splitInBatches') parameters.batchSize = atOnce ?? OTHERS_AT_ONCE;
	}
	const items =
		direction === 'upload'
			? set.fileNames.map((fileName, index) => ({
					json: { file_name: fileName },
					binary: {
						data: {
							id: photos[index].id,
							data: 'filesystem-v2',
							fileName,
							mimeType: 'image/x-adobe-dng',
							fileSize: `${set.bytes} B`,
						},
					},
				}))
			: [{ json: {} }];
	return { ...definition, pinData: { Photos: items } };
}

/** From the start of the first node after the photos to the end of the last. */
function secondsOf({ runs }: Execution): number {
	const { Photos: _, ...measured } = runs;
	const all = Object.values(measured).flat();
	const start = Math.min(...all.map(({ startTime }) => startTime));
	const end = Math.max(...all.map(({ startTime, executionTime }) => startTime + executionTime));
	return (end - start) / 1000;
}
