import { readdirSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import type { Browser } from 'playwright-core';
import { getPort } from 'get-port-please';
import { clearResults, photosFolder } from '../../demo/demoFiles.mts';
import type { Workflow, WorkflowDefinition } from '../support/n8n/n8nClient.mts';
import { openBrowser } from './panel/browser.mts';
import { Editor } from './panel/editor.mts';
import { outputPicture, overTemplates, picture } from './panel/screenshots.mts';
import { root } from '../support/root.mts';
import { loadWorkflow, openStudio, type Studio } from '../support/studio.mts';
import { useStudio } from './helpers/useStudio.mts';
import {
	byId,
	imagen,
	jpegProfile,
	manualStart,
	node,
	readFiles,
	rowOf,
} from '../support/n8n/workflowNodes.mts';

const stickyNote = 'n8n-nodes-base.stickyNote';

const templates = readdirSync(join(root, 'templates')).filter((file) => file.endsWith('.json'));

let studio: Studio;
let browser: Browser;
let editor: Editor;

useStudio(
	async () =>
		await openStudio({
			// The address is in the pictures: the same each time, where it is free.
			sandbox: {
				port: await getPort({ port: 8080, host: '127.0.0.1' }),
				editSeconds: 0.5,
				exportSeconds: 0.5,
			},
			// For the template folder-inbox.
			env: { NODES_EXCLUDE: '[]' },
		}),
	async (opened) => {
		studio = opened;
		await cp(join(root, photosFolder), join(studio.workFolder, photosFolder), { recursive: true });
		await clearResults(studio.workFolder);
		browser = await openBrowser();
		editor = await Editor.open(browser, studio.n8n.url);
	},
);

afterAll(async () => await browser?.close());

describe('in the list of nodes', () => {
	beforeAll(async () => await editor.newWorkflow());

	it.each([
		'Imagen',
		'photos',
		'edit photos',
		'shoot',
		'photographer',
		'wedding',
		'jpeg',
		'lightroom',
		'raw',
	])('the list of nodes finds the node by %s', async (text) => {
		await editor.creator.open();
		await editor.creator.search(text);
		expect((await editor.creator.names())[0]).toBe('Imagen AI');
		if (text === 'edit photos') await picture(editor, 'search');
		await editor.page.keyboard.press('Escape');
	});

	it('the list of nodes shows every action by its name', async () => {
		await editor.creator.open();
		await editor.creator.search('Imagen');
		await editor.creator.openActions('Imagen AI');
		const names = await editor.creator.names();
		expect([...names].sort()).toEqual((await actions()).sort());
		expect(names[0]).toBe('Edit shoot');
		await picture(editor, 'actions');
	});
});

it('the editor gets the output fields of an operation before it has run', async () => {
	const answer = await fetch(`${studio.n8n.url}/schemas/n8n-nodes-imagen-ai.imagen/1.0.0/edit/start.json`);
	expect(answer.status).toBe(200);
	expect(await answer.json()).toMatchObject({ properties: { project_uuid: { type: 'string' } } });
});

describe('a node', () => {
	beforeAll(async () => {
		await editor.newWorkflow();
		await editor.addAction('Start edit');
	});

	it("the credential's panel says that a key is wrong, without repeating it, and accepts the right one", async () => {
		const { apiKey, apiUrl } = studio.sandbox;
		const dialog = await editor.panel.newCredential();
		await dialog.enterUrl(apiUrl);
		await dialog.enterKey('not-the-key');
		await picture(editor, 'credential');
		await dialog.save();
		const problem = await dialog.problem();
		await picture(editor, 'credential-wrong-key');
		expect(problem).toContain("Imagen AI didn't accept this API key");
		expect(problem).not.toContain('not-the-key');

		await dialog.enterKey(apiKey);
		await dialog.enterUrl(apiUrl.replace('/v1', ''));
		await dialog.save();
		await dialog.root.getByText('It usually ends with /v1').waitFor();

		await dialog.enterUrl(apiUrl);
		await dialog.save();
		await dialog.works();
		expect(await editor.panel.credential()).toBe('Imagen AI account');
	});

	it('the panel lists the profiles of the account by name', async () => {
		const profiles = await editor.panel.openList('profile');
		await picture(editor, 'profiles');
		expect(profiles).toContain('CLEAN & CRISP (RAW, Talent)');
		await editor.panel.chooseFromList('CLEAN & CRISP (RAW, Talent)');
		expect(await editor.panel.chosenFromList('profile')).toBe('CLEAN & CRISP (RAW, Talent)');
	});

	it('the panel of Start Edit asks for a project, how to edit it, and what happens then', async () => {
		await picture(editor, 'edit-start');
		expect(await fields()).toEqual([
			'Project',
			'Editing Flow',
			'Profile',
			'AI Tools',
			'When Finished',
			'Options',
		]);
	});

	it('the panel lists the sky templates', async () => {
		await editor.panel.add('Add AI Tool', 'Sky Template Name or ID');
		expect(await editor.panel.issues()).toBe(0);
		expect(await editor.panel.choices('skyReplacementTemplateId')).toContain("Imagen's Default Sky (Sky 1)");
		await picture(editor, 'skies');
		await editor.panel.chooseOf('Sky 2');
		expect(await editor.panel.chosen('skyReplacementTemplateId')).toBe('Sky 2');
	});

	it('the panel asks for no profile in Smart Editing', async () => {
		await editor.panel.choose('editingFlow', 'Smart Editing');
		await picture(editor, 'smart-editing');
		expect(await fields()).toEqual(['Project', 'Editing Flow', 'AI Tools', 'When Finished', 'Options']);
	});

	it('the panel of Retouch asks for photos and an instruction', async () => {
		await editor.panel.choose('resource', 'Retouch');
		await picture(editor, 'retouch');
		expect(await fields()).toEqual(['Project', 'Photos', 'File Name', 'Instruction', 'Options']);
	});

	it('a node can be set to another operation, whatever was chosen before', async () => {
		await editor.panel.add('Add Option', 'Editing Flow');
		expect(await editor.panel.chosen('projectSource')).toBe('From Input');
		await editor.panel.choose('resource', 'Edit');
		await editor.panel.choose('operation', 'Start');
		expect(await editor.panel.chosen('editingFlow')).toMatch(/^(AI Profile|Smart Editing)$/);
		await editor.panel.choose('resource', 'Project');
		await editor.panel.choose('operation', 'Get Many');
		expect(await editor.panel.chosen('editingFlow')).toMatch(/^(AI Profile|Smart Editing)$/);
		expect(await editor.panel.issues()).toBe(0);
	});

	it('the panel of Edit Shoot asks for little', async () => {
		await editor.panel.choose('resource', 'Shoot');
		await editor.panel.choose('editingFlow', 'AI Profile');
		await editor.panel.openList('profile');
		await editor.panel.chooseFromList('CLEAN & CRISP (RAW, Talent)');
		await picture(editor, 'shoot');
		expect(await fields()).toEqual([
			'Editing Flow',
			'Profile',
			'Photos From',
			'Input Binary Field',
			'Project Name',
			'If Name Exists',
			'Results',
			'AI Tools',
			'Photo Options',
			'Result Options',
			'Options',
		]);
	});

	it('the panel says before a run what Imagen bills, and Preview is not billed', async () => {
		const notice = editor.page.getByText('Imagen bills each photo when this runs');
		expect(await notice.count()).toBe(1);
		await editor.panel.choose('operation', 'Preview');
		expect(await notice.count()).toBe(0);
	});

	it('the list of projects says that the account has no project yet', async () => {
		await editor.panel.choose('resource', 'Project');
		await editor.panel.choose('operation', 'Get');
		await editor.panel.chooseByList('project');
		expect(await editor.panel.openList('project')).toEqual([]);
	});
});

describe('a trigger', () => {
	it.each([
		['imagenTrigger', 'trigger', ['Events', 'Output', 'Options']],
		['imagenPollTrigger', 'polling-trigger', ['Editing Flow', 'Events', 'Output', 'Options']],
	])('the panel of %s asks for what it starts on', async (type, name, expected) => {
		const trigger = node('Trigger', `n8n-nodes-imagen-ai.${type}`, 1, {});
		await editor.openWorkflow(await studio.import(rowOf(type, trigger)));
		await editor.openNode('Trigger');
		await picture(editor, name);
		expect((await fields()).slice(-expected.length)).toEqual(expected);
		await editor.panel.close();
	});
});

describe('a workflow', () => {
	it.each(templates)('the template %s opens with all its nodes', async (file) => {
		const definition = await readTemplate(file);
		await editor.openWorkflow(await studio.import(definition));
		const names = definition.nodes.filter(({ type }) => type !== stickyNote).map(({ name }) => name);
		expect((await editor.nodes()).sort()).toEqual(names.sort());
		await picture(editor, `template-${file.replace('.json', '')}`, overTemplates);
	});

	/** A folder with two kinds of photos, a name that is there twice, and a project's settings that do not go together. */
	async function failedShoot(): Promise<Workflow> {
		const folder = join(studio.workFolder, 'card');
		await cp(join(studio.workFolder, photosFolder), folder, { recursive: true });
		await cp(join(folder, 'DSC_0101.jpg'), join(folder, 'dsc_0101.JPG'));
		const read = readFiles('Photos', 'card/*');
		const shoot = imagen('Shoot', 'shoot', 'editPhotos', {
			profile: byId(jpegProfile),
			aiTools: { crop: true, headshotCrop: true },
		});
		return await studio.import(rowOf('Mixed photos', manualStart(), read, shoot));
	}

	it('a failed workflow lists all that is wrong with its photos, and where', async () => {
		await editor.openWorkflow(await failedShoot());
		await editor.runUntil('Shoot', 'error');
		await editor.openNode('Shoot');
		await picture(editor, 'error');
		const output = await editor.panel.output();
		expect(output).toContain('2 RAW photos among 9 JPEGs (DSC00002.arw, DSC_0001.nef)');
		expect(output).toContain('dsc_0101.JPG');
		expect(output).toContain('Nothing was created, sent or billed.');
		expect(await editor.panel.outputPane.locator('li').count()).toBeGreaterThan(1);
	});

	it('the error of files that Edit Fields dropped names it, in lines, and says what to switch on', async () => {
		const read = readFiles('Photos', `${photosFolder}/*.jpg`);
		const client = { id: 'client', name: 'client', value: 'Anna & Ben', type: 'string' };
		const fields = node('Set Client', 'n8n-nodes-base.set', 3.4, {
			assignments: { assignments: [client] },
			options: {},
		});
		const shoot = imagen('Shoot', 'shoot', 'editPhotos', { profile: byId(jpegProfile) });
		const workflow = rowOf('Dropped photos', manualStart(), read, fields, shoot);
		await editor.openWorkflow(await studio.import(workflow));
		await editor.runUntil('Shoot', 'error');
		await editor.openNode('Shoot');
		const lines = (await editor.panel.output()).split('\n').map((line) => line.trim());
		expect(lines).toContain("8 items can't be edited");
		expect(lines).toContain('Nothing was created, sent or billed.');
		expect(lines).toContainEqual(
			expect.stringMatching(/^In 'Set Client', turn on 'Include Other Input Fields', .*'Strip Binary Data'/),
		);
		expect(lines).toContainEqual(
			expect.stringMatching(/^'Set Client' did not pass on the file in 'data': item 1, item 2, .* item 8\.$/),
		);
	});

	it('the demo workflow runs to its end in the editor and shows its results', async () => {
		await editor.openWorkflow(
			await studio.client.createWorkflow(await loadWorkflow('demo', studio.credential)),
		);
		await editor.runUntil('Write Exports');
		await picture(editor, 'workflow');
		await editor.openNode('Download Exports');
		const output = await editor.panel.output();
		await outputPicture(editor, 'result');
		expect(output).toContain('10 items');
		expect(output).toContain('DSC_0108.jpg');
		await editor.panel.viewFile();
		await outputPicture(editor, 'photo');
	});
});

describe('in the dark theme', () => {
	it('the node has its light icon in the dark theme', async () => {
		const dark = await Editor.open(browser, studio.n8n.url, 'dark');
		await dark.newWorkflow();
		await dark.addAction('Edit shoot');
		await picture(dark, 'dark');
		const icons = await dark.panel.root.locator('img[src*="imagen"]').all();
		expect(await icons[0].getAttribute('src')).toMatch(/imagen\.dark\.svg$/);
		await dark.close();
	});
});

/** The labels of the fields below resource and operation. */
async function fields(): Promise<string[]> {
	const labels = await editor.panel.labels();
	return labels.slice(labels.indexOf('Operation') + 1);
}

/** The names of all actions, as the node describes them. */
async function actions(): Promise<string[]> {
	const types = await studio.client.nodeTypes();
	const { properties } = types.find(({ name }) => name === 'n8n-nodes-imagen-ai.imagen')!;
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options }) => options as INodePropertyOptions[])
		.map(({ action }) => String(action));
}

async function readTemplate(file: string): Promise<WorkflowDefinition> {
	return JSON.parse(await readFile(join(root, 'templates', file), 'utf8')) as WorkflowDefinition;
}
