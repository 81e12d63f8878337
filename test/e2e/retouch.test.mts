import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { until } from '../../sandbox/until.mts';
import type { Credential, Execution, Item, WorkflowDefinition } from '../support/n8n/n8nClient.mts';
import { Accounts } from '../support/neighbours/accounts.mts';
import { buttonsOf } from '../support/neighbours/slack.mts';
import { cameraFiles, root } from '../support/root.mts';
import { openStudio, releaseUnderTest, withCredential, type Studio } from '../support/studio.mts';
import { sayInChat } from './helpers/hostedChat.mts';
import { openLink } from './helpers/openLink.mts';
import { useStudio } from './helpers/useStudio.mts';
import { ScriptedModel, type Turn } from './helpers/scriptedModel.mts';
import {
	byId,
	connections,
	imagen,
	inARow,
	jpegProfile,
	manualStart,
	readFiles,
	type TestNode,
} from '../support/n8n/workflowNodes.mts';

const photos = ['Canon 1D.jpg', 'Olympus E-1.jpg', 'Pentax K10D.jpg'];

let studio: Studio;
let model: ScriptedModel;
let modelCredential: Credential;
let accounts: Accounts;

useStudio(
	async () => {
		accounts = await Accounts.open();
		const sandbox = { editSeconds: 0.5, exportSeconds: 0.5, leastSmartPhotos: 1 };
		return await openStudio({ env: accounts.neighbours.env, sandbox });
	},
	async (opened) => {
		studio = opened;
		const folder = join(studio.workFolder, 'photos');
		for (const photo of photos) await cp(join(cameraFiles, photo), join(folder, photo));
		await accounts.saveIn(studio.client);
		model = await ScriptedModel.open();
		const data = { apiKey: 'no-key', url: model.url, header: false };
		modelCredential = await studio.client.saveCredential('Model', 'openAiApi', data);
	},
);

afterAll(async () => {
	await model?.close();
	await accounts?.close();
});

const start = manualStart();

async function run(...nodes: TestNode[]): Promise<Execution> {
	const { client, credential } = studio;
	const row = [start, ...nodes];
	const definition = { name: 'Retouch', nodes: row, connections: connections(inARow(row)) };
	const workflow = await client.createWorkflow(withCredential(definition, credential));
	const execution = await client.executionEnd(await client.run(workflow, 'Start'));
	expect(execution.error).toBeUndefined();
	return execution;
}

const itemsOf = ({ runs }: Execution, name: string): Item[] => runs[name]?.at(-1)?.data?.main[0] ?? [];
const jsonOf = (execution: Execution, name: string) => itemsOf(execution, name).map(({ json }) => json);

async function fileOf({ binary }: Item): Promise<Buffer> {
	return await studio.client.download(binary!.data);
}

/** A finished project of an editing flow. Gives its UUID. */
async function finished(editingFlow: 'I2I' | 'REGULAR', name: string): Promise<string> {
	await studio.control.reset();
	const shoot = imagen('Shoot', 'shoot', 'editPhotos', {
		editingFlow,
		...(editingFlow === 'REGULAR' && { profile: byId(jpegProfile) }),
		results: 'exported',
		projectName: name,
	});
	const read = readFiles('Photos', 'photos/*.jpg');
	const [{ project_uuid }] = jsonOf(await run(read, shoot), 'Shoot');
	return String(project_uuid);
}

const versions = async (uuid: string) =>
	(await studio.control.projects()).find(({ project_uuid }) => project_uuid === uuid)?.retouched ?? [];

describe.each(['REGULAR', 'I2I'] as const)('a finished project (%s)', (editingFlow) => {
	const on = (uuid: string) => ({ project: byId(uuid), options: { projectSource: editingFlow } });

	it('every photo of a finished project is changed by instructions that build on each other, and finalized', async () => {
		const uuid = await finished(editingFlow, 'Smith');
		const execution = await run(
			imagen('First', 'retouch', 'applyInstruction', {
				...on(uuid),
				photos: 'all',
				instruction: 'Remove the lamp post',
			}),
			imagen('Second', 'retouch', 'applyInstruction', {
				instruction: 'Make the sky darker',
				options: { versionOutput: 'file' },
			}),
			imagen('Finalize', 'retouch', 'finalize', {}),
		);
		const first = jsonOf(execution, 'First');
		const second = itemsOf(execution, 'Second');
		expect(second.map(({ json }) => json.file_name).sort()).toEqual(photos);
		for (const { json } of second) {
			const before = first.find(({ file_name }) => file_name === json.file_name);
			expect(json.parent_version_id).toBe(before?.version_id);
		}
		for (const chain of await versions(uuid)) expect(chain.versions).toHaveLength(2);

		const files = itemsOf(execution, 'Finalize');
		expect(files.map(({ json }) => json.file_name).sort()).toEqual(photos);
		for (const file of files) {
			const enhanced = second.find(({ json }) => json.file_name === file.json.file_name) as Item;
			expect(await fileOf(file)).toEqual(await fileOf(enhanced));
			expect(await sharp(await fileOf(file)).metadata()).toMatchObject({ format: 'jpeg' });
		}
		expect(await studio.control.billing()).toMatchObject({ retouches: 2 * photos.length });
	});

	it('a photo that was retouched elsewhere takes the place of a finished one', async () => {
		const uuid = await finished(editingFlow, 'Smith');
		const job = editingFlow === 'I2I' ? 'edit' : 'export';
		const read = readFiles('Retouched', `photos/${photos[0]}`);
		const options = { projectSource: editingFlow };
		const replace = imagen('Replace', 'export', 'replacePhoto', { ...on(uuid), fileName: photos[1] });
		const links = imagen('Links', job, 'getDownloadLinks', {
			project: byId(uuid),
			options: { ...(job === 'edit' && options), fileNames: photos[1] },
		});
		const execution = await run(read, replace, links);
		expect(jsonOf(execution, 'Replace')).toMatchObject([
			{ project_uuid: uuid, file_name: photos[1], replaced_with: photos[0], status: 'Completed' },
		]);
		const [{ download_link }] = jsonOf(execution, 'Links');
		const { pathname } = new URL(String(download_link));
		expect(decodeURIComponent(pathname).endsWith(`/${photos[1]}`)).toBe(true);
		const put = await readFile(join(studio.workFolder, 'photos', photos[0]));
		expect(Buffer.from(await (await fetch(String(download_link))).arrayBuffer())).toEqual(put);
	});

	it('one photo of a finished project is changed by a tool of its list, and reset', async () => {
		const uuid = await finished(editingFlow, 'Smith');
		const tools = jsonOf(await run(imagen('Tools', 'retouch', 'getTools', on(uuid))), 'Tools');
		const one = { ...on(uuid), fileName: photos[0] };
		const tool = String(tools[0].enhancement_type);
		await run(imagen('Tool', 'retouch', 'applyTool', { ...one, tool }));
		expect(await versions(uuid)).toMatchObject([{ file_name: photos[0], versions: [{ tool_id: tool }] }]);
		await run(imagen('Reset', 'retouch', 'reset', one));
		expect((await versions(uuid)).flatMap((chain) => chain.versions)).toEqual([]);
	});
});

it('a profile that the account does not list edits photos, if its key is entered', async () => {
	await studio.control.reset();
	await cp(join(cameraFiles, 'Nikon D70.nef'), join(studio.workFolder, 'raw', 'Nikon D70.nef'));
	const read = readFiles('Photos', 'raw/*.nef');
	const shoot = imagen('Shoot', 'shoot', 'editPhotos', { profile: byId(990001), results: 'edited' });
	const execution = await run(read, shoot);
	expect(jsonOf(execution, 'Shoot')).toMatchObject([{ file_name: 'Nikon D70.xmp' }]);
	expect(await studio.control.billing()).toMatchObject({ edits: 1, photos: 1 });
});

describe("the template for an AI agent, with a model that knows what it'll do", () => {
	/** n8n has its human review of tools since 2.8. */
	const hasReview = !releaseUnderTest?.startsWith('1.');

	beforeAll(async () => {
		const file = join(root, 'templates', 'retouch-with-ai-agent.json');
		const template = JSON.parse(await readFile(file, 'utf8')) as WorkflowDefinition;
		if (hasReview) await publish(template, 'reviewed');
		await publish(withoutReview(template), 'unreviewed');
	});

	/** Publishes the workflow with what a user sets up. @param chatId the end of the chat's address */
	async function publish(template: WorkflowDefinition, chatId: string): Promise<void> {
		const { id, name } = modelCredential;
		const nodes = (withCredential(template, studio.credential).nodes as TestNode[]).map((each) => {
			const parameters = { ...each.parameters, public: true };
			if (each.name === 'Chat') return { ...each, parameters, webhookId: chatId };
			if (each.name === 'Chat Model') return { ...each, credentials: { openAiApi: { id, name } } };
			return { ...each, ...accounts.credentialsOf(each) };
		});
		await studio.client.activate(await studio.client.createWorkflow({ ...template, nodes }));
	}

	beforeEach(() => accounts.clear());

	/** Says something to the agent, as the first thing of a conversation. Gives its answer. */
	const chat = async (chatInput: string, chatId: string) =>
		await sayInChat(`${studio.n8n.url}/webhook/${chatId}/chat`, chatInput);

	/** The same, where n8n has its review; then presses the button in Slack for each retouch. */
	async function reviewedChat(chatInput: string, button = 'Retouch'): Promise<string> {
		if (!hasReview) return await chat(chatInput, 'unreviewed');
		let isOver = false;
		const answer = chat(chatInput, 'reviewed').finally(() => {
			isOver = true;
		});
		const { messages } = accounts.slack;
		for (let pressed = 0; !isOver; ) {
			await sleep(100);
			if (messages.length === pressed) continue;
			await until(async () => (await studio.client.countExecutions('waiting')) === 1);
			expect(await openLink(buttonsOf(messages[pressed++])[button], studio.n8n.url)).toBe(200);
		}
		return await answer;
	}

	/** The model's call of the tool Retouch Photo. */
	const retouch = (input: Record<string, unknown>) => ({
		tool: 'Retouch_Photo',
		input: hasReview ? { toolParameters: input, hitlParameters: {} } : input,
	});

	it('the AI agent finds the project, changes a photo in two steps that build on each other, and finishes', async () => {
		const uuid = await finished('REGULAR', 'Smith wedding');
		const photo = { project_uuid: uuid, file_name: photos[1] };
		const script: Turn[] = [
			{ tool: 'Find_Projects', input: { name: 'smith' } },
			retouch({ ...photo, instruction: 'Remove the lamp post' }),
			retouch({ ...photo, instruction: 'Make the sky darker' }),
			{ tool: 'Finish_Project', input: { project_uuid: uuid } },
			{ say: 'The lamp post is gone.' },
		];
		model.follow((answers) => script[answers.length]);
		expect(await reviewedChat('Remove the lamp post in the Olympus photo of the Smith wedding')).toContain(
			'The lamp post is gone.',
		);

		const [{ versions: made }] = await versions(uuid);
		expect(made).toMatchObject([
			{ parent_version_id: null, instruction: 'Remove the lamp post' },
			{ parent_version_id: made[0].version_id, instruction: 'Make the sky darker' },
		]);
		expect(await studio.control.billing()).toMatchObject({ retouches: 2 });

		const answers = model.answers.map((answer) => JSON.stringify(answer));
		expect(answers[0]).toContain(uuid);
		for (const answer of answers) {
			expect(answer.length).toBeLessThan(1500);
			expect(answer).not.toContain('Signature=');
		}
		expect(model.tools.map((tool) => tool.function.name).sort()).toEqual([
			'Find_Projects',
			'Finish_Project',
			'List_Retouch_Tools',
			'Retouch_Photo',
			'Undo_Retouching',
		]);
		const offered = model.tools.find((tool) => tool.function.name === 'Retouch_Photo');
		expect(JSON.stringify(offered?.function.parameters)).toMatch(
			/"project_uuid".*"file_name".*"instruction"/,
		);
	});

	it('the AI agent changes a photo in two steps that build on each other, though the model asks for both at once', async () => {
		const uuid = await finished('REGULAR', 'Miller wedding');
		const call = (instruction: string) => ({
			tool: 'Retouch_Photo',
			input: { project_uuid: uuid, file_name: photos[1], instruction },
		});
		model.follow((answers) =>
			answers.length === 0
				? [call('Remove the lamp post'), call('Make the sky darker')]
				: { say: 'Both are done.' },
		);
		expect(await chat('Remove the lamp post and make the sky darker', 'unreviewed')).toContain(
			'Both are done.',
		);
		const [{ versions: made }] = await versions(uuid);
		expect(made).toHaveLength(2);
		expect(made[1].parent_version_id).toBe(made[0].version_id);
	});

	it("the AI agent's model is given the error, so that it can correct its call", async () => {
		const uuid = await finished('REGULAR', 'Jones wedding');
		const photo = { project_uuid: uuid, file_name: photos[1] };
		const script: Turn[] = [
			retouch({ ...photo, instruction: 'x'.repeat(300) }),
			retouch({ ...photo, instruction: 'Make the sky darker' }),
			{ say: 'The sky is darker.' },
		];
		model.follow((answers) => script[answers.length]);
		expect(await reviewedChat('Make the sky darker')).toContain('The sky is darker.');
		expect(JSON.stringify(model.answers[0])).toContain("'Instruction' is 300 characters long");
		expect(await studio.control.billing()).toMatchObject({ retouches: 1 });
	});

	if (hasReview) {
		it('the AI agent asks before each retouch, and what the person declines is not made and not billed', async () => {
			const uuid = await finished('REGULAR', 'Brown wedding');
			const photo = { project_uuid: uuid, file_name: photos[1] };
			const script: Turn[] = [
				retouch({ ...photo, instruction: 'Remove the groom' }),
				{ say: 'I left the photo as it is.' },
			];
			model.follow((answers) => script[answers.length]);
			expect(await reviewedChat('Remove the groom', 'Decline')).toContain('I left the photo as it is.');
			expect(accounts.slack.messages).toHaveLength(1);
			expect(JSON.stringify(accounts.slack.messages[0].blocks)).toContain(
				`Retouch ${photos[1]}: Remove the groom`,
			);
			expect(await versions(uuid)).toEqual([]);
			expect(await studio.control.billing()).toMatchObject({ retouches: 0 });
		});
	}
});

/** The template as its guide describes it for n8n without human review: Retouch Photo is connected to the agent itself. */
function withoutReview(template: WorkflowDefinition): WorkflowDefinition {
	const review = 'Approve Retouching';
	const { [review]: toAgent, ...connections } = template.connections as Record<string, object>;
	return {
		...template,
		nodes: (template.nodes as TestNode[]).filter(({ name }) => name !== review),
		connections: { ...connections, 'Retouch Photo': toAgent },
	};
}
