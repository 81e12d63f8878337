import type { IExecuteFunctions, INode, INodeParameters } from 'n8n-workflow';
import { SupplyDataContext } from 'n8n-core';
import { makeHandleToolInvocation } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data.js';
import { Imagen } from '../../nodes/Imagen/Imagen.node.ts';
import { forgetRecentRecords } from '../../nodes/Imagen/memory/index.ts';
import { rawProfile } from '../../sandbox/sandboxClient.mts';
import { advanceMinutes } from '../faults/quickTime.mts';
import { Testbed } from '../faults/testbed.mts';
import { runNode } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';

jest.setTimeout(60_000);

let testbed: Testbed;
beforeAll(async () => {
	testbed = await Testbed.open();
}, 60_000);
beforeEach(async () => {
	await testbed.clear();
	forgetRecentRecords();
});
afterAll(async () => await testbed.close());

const RETRYING = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

/** Calls the node as n8n's own engine calls the tool of an agent. @returns what the agent gets for each call, an error's message included */
async function callAsTool(
	parameters: INodeParameters,
	calls: object[] = [{}],
	settings: Partial<INode> = RETRYING,
): Promise<string[]> {
	const imagen = new Imagen();
	const answers: string[] = [];
	const agent = async function (this: IExecuteFunctions) {
		// What n8n's engine keeps to itself has no types.
		const agentContext = this as any;
		const { workflow, node, additionalData, mode, runExecutionData, connectionInputData, inputData } =
			agentContext;
		const tool = { ...node, ...settings };
		const contextOf = (runIndex: number) =>
			new SupplyDataContext(
				workflow,
				tool,
				additionalData,
				mode,
				runExecutionData,
				runIndex,
				connectionInputData,
				inputData,
				'ai_tool' as any,
				agentContext.executeData,
				[],
			);
		const call = makeHandleToolInvocation(contextOf as any, tool, imagen as any, runExecutionData);
		for (const asked of calls)
			answers.push(String(await call(asked as any).catch((error: Error) => error.message)));
		return [[{ json: {} }]];
	};
	const result = await runNode({
		node: { ...imagen, execute: agent } as unknown as Imagen,
		parameters,
		items: [{ json: {} }],
		credentials: [testbed.credential],
	});
	expect(result.error).toBeUndefined();
	return answers;
}

/** A project with three finished photos. */
async function finishedProject(): Promise<string> {
	const names = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF'];
	const { project_uuid: uuid } = await testbed.control.createProject({
		name: 'Anna',
		photos: names,
		state: 'exported',
	});
	return uuid;
}

const retouchAll = (uuid: string): INodeParameters => ({
	resource: 'retouch',
	operation: 'applyInstruction',
	project: byId(uuid),
	photos: 'all',
	instruction: 'Brighter',
});

const breakOnce = async (times = 1) =>
	await testbed.control.addFaults({
		kind: 'status',
		call: 'copilot',
		fileName: 'A_2.jpg',
		status: 500,
		times,
	});

test('a tool of an agent that n8n tries again makes only the versions that are missing', async () => {
	const uuid = await finishedProject();
	await breakOnce();
	const [answer] = await callAsTool(retouchAll(uuid));
	expect(JSON.parse(answer)).toHaveLength(3);
	expect((await testbed.control.billing()).retouches).toBe(3);
});

test('an agent that asks its tool for the same once more gets other versions', async () => {
	const uuid = await finishedProject();
	await callAsTool(retouchAll(uuid), [{}, {}]);
	expect((await testbed.control.billing()).retouches).toBe(6);
});

test('an agent that asks for the same after n8n has given up makes another call', async () => {
	const uuid = await finishedProject();
	await breakOnce(3);
	const [first, second] = await callAsTool(retouchAll(uuid), [{}, {}]);
	expect(first).toContain("could not apply the instruction to 'A_2.jpg'");
	expect(JSON.parse(second)).toHaveLength(3);
	expect((await testbed.control.billing()).retouches).toBe(2 + 3);
});

test('Start Again in a tool of an agent is sent once, though n8n tries it again after its answer was lost', async () => {
	const uuid = await testbed.client.create('Anna');
	await testbed.client.upload(uuid, {
		'A_1.NEF': Buffer.from('raw photo of a camera'),
		'A_2.NEF': Buffer.from('raw photo of another camera'),
	});
	await testbed.client.edit(uuid);
	advanceMinutes(60);
	await testbed.control.set({ statusLagSeconds: 3600, editSeconds: 10 });
	await testbed.control.addFaults({ kind: 'resetAfter', call: 'edit', times: 1 });
	await callAsTool({
		resource: 'edit',
		operation: 'start',
		project: byId(uuid),
		editingFlow: 'REGULAR',
		profile: byId(rawProfile),
		aiTools: {},
		whenFinished: 'doNothing',
		options: { ifAlreadyStarted: 'startAgain' },
	});
	expect((await testbed.control.billing()).edits).toBe(2);
});
