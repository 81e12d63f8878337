import { cp, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { photosFolder } from '../../demo/demoFiles.mts';
import type { WorkflowDefinition } from '../support/n8n/n8nClient.mts';
import { root } from '../support/root.mts';
import { openStudio, type Studio } from '../support/studio.mts';
import {
	byId,
	imagen,
	jpegProfile,
	manualStart,
	node,
	otherJpegProfile,
	readFiles,
	rowOf,
	type TestNode,
} from '../support/n8n/workflowNodes.mts';
import { openBrowser } from './panel/browser.mts';
import { Editor } from './panel/editor.mts';
import { useStudio } from './helpers/useStudio.mts';

// What people ran into when they used the package for the first time, each tried in the editor as they would.

const oneJpeg = `${photosFolder}/DSC_0101.jpg`;
const oneRaw = `${photosFolder}/DSC_0001.nef`;

let studio: Studio;
let browser: Browser;
let editor: Editor;

useStudio(
	async () => await openStudio({ sandbox: { editSeconds: 0.5, exportSeconds: 0.5 } }),
	async (opened) => {
		studio = opened;
		await cp(join(root, photosFolder), join(studio.workFolder, photosFolder), { recursive: true });
		browser = await openBrowser();
		editor = await Editor.open(browser, studio.n8n.url);
	},
);

afterAll(async () => await browser?.close());

describe('what is paid', () => {
	it('a second start with another profile is an error that says so, and is not billed', async () => {
		const before = await billed();
		const again = startEdit('Start Again', { profile: byId(otherJpegProfile) });
		const nodes = [readFiles('Photos', oneJpeg), create('Two profiles'), upload, startEdit(), wait, again];
		const output = await runTo('Start Again', 'error', ...nodes);
		expect(output).toMatch(/was already started with other settings: .*profile/i);
		expect(await billed()).toBe(before + 1);
	});

	it('a shoot with a name, whose results could not be saved, is run again without a second bill', async () => {
		const before = await billed();
		const shoot = editShoot({ projectName: 'Not saved', ifNameExists: 'useExisting' });
		const nodes = [readFiles('Photos', oneJpeg), shoot];
		await runTo('Save', 'error', ...nodes, save('a folder that is missing'));
		expect(await runTo('Save', 'success', ...nodes, save('.'))).toContain('1 item');
		expect(await billed()).toBe(before + 1);
	});

	it('the panel of Edit shoot says what a run costs without a project name, and how to follow its progress', async () => {
		const text = await panelOf(editShoot());
		expect(text).toContain('Without a name, each run is a new project and is billed.');
		expect(text).toContain('Imagen bills each photo when this runs.');
		expect(text).toContain('the log of the n8n server shows the progress');
	});

	it('the panel of Edit shoot closes a run with photos, bill, time and results', async () => {
		const output = await runTo('Shoot', 'success', readFiles('Photos', `${photosFolder}/*.jpg`), editShoot());
		expect(output).toMatch(/8 photos .* in \d+ s\. 8 photos billed/);
	});
});

describe('projects', () => {
	it('a project that was left empty by a run that failed is used by the next one', async () => {
		const before = (await studio.control.projects()).length;
		const nodes = [create('Left empty'), upload];
		await runTo('Upload', 'error', readFiles('Photos', `${photosFolder}/*`), ...nodes);
		expect(await runTo('Upload', 'success', readFiles('Photos', oneJpeg), ...nodes)).toContain(
			'Uploaded 1 photo',
		);
		expect(await studio.control.projects()).toHaveLength(before + 1);
	});

	it('a project with photos is an error of the next run that says how to use it', async () => {
		const photos = readFiles('Photos', oneJpeg);
		await runTo('Upload', 'success', photos, create('Used before'), upload);
		const output = await runTo('Create', 'error', photos, create('Used before'), upload);
		expect(output).toContain("A project named 'Used before' already exists");
		expect(output).toContain("set 'If Name Exists' to Use Existing");
		const useExisting = create('Used before', { ifNameExists: 'useExisting' });
		expect(await runTo('Upload', 'success', photos, useExisting, upload)).toContain('Uploaded 1 photo');
	});

	it('a shoot whose photos are refused leaves no project', async () => {
		const before = (await studio.control.projects()).length;
		const mixed = readFiles('Photos', `${photosFolder}/*`);
		await runTo('Shoot', 'error', mixed, editShoot({ projectName: 'Refused' }));
		expect(await studio.control.projects()).toHaveLength(before);
	});

	it('a name in the place of an ID is an error that says what to choose', async () => {
		const byName = imagen('Upload', 'photo', 'upload', { project: byId('Anna & Ben') });
		const output = await runTo('Upload', 'error', readFiles('Photos', oneJpeg), byName);
		expect(output).toContain("'Project' is set to By ID, but 'Anna & Ben' looks like a name");
		expect(output).toContain("Set 'Project' to By Name");
	});

	it('an expression with a typing error is an error that shows it', async () => {
		const typo = imagen('Upload', 'photo', 'upload', { project: byId('={{ $json.projct_uuid }}') });
		const output = await runTo('Upload', 'error', readFiles('Photos', oneJpeg), create('Typing error'), typo);
		expect(output).toContain(
			"'Project' is empty for this item: the expression {{ $json.projct_uuid }} has no value",
		);
	});

	it("the project's name is in the output of each node, and can be taken from Create in a node behind Download", async () => {
		await mkdir(join(studio.workFolder, 'two'));
		for (const name of ['IMG_1.jpg', 'IMG_2.jpg'])
			await cp(join(studio.workFolder, oneJpeg), join(studio.workFolder, 'two', name));
		const name = {
			id: 'name',
			name: 'client',
			type: 'string',
			value: "={{ $('Create').item.json.project_name }}",
		};
		const later = node('Client', 'n8n-nodes-base.set', 3.4, {
			assignments: { assignments: [name] },
			includeOtherFields: true,
			options: {},
		});
		const nodes = [readFiles('Photos', 'two/*'), create('Named'), upload, startEdit(), wait];
		await editor.openWorkflow(await studio.import(rowOf('Names', manualStart(), ...nodes, download, later)));
		await editor.runUntil('Client');
		await editor.openNode('Client');
		const output = await editor.panel.outputAsJson();
		await editor.panel.close();
		expect(output.match(/"project_name":\s*"Named"/g)).toHaveLength(2);
		expect(output.match(/"client":\s*"Named"/g)).toHaveLength(2);
	});
});

describe('waiting', () => {
	it('a pause that nothing would end is an error that says which choice is missing', async () => {
		const paused = imagen('Wait', 'edit', 'wait', { waitBy: 'callback' });
		const nodes = [readFiles('Photos', oneJpeg), create('Never resumed'), upload, startEdit(), paused];
		const output = await runTo('Wait', 'error', ...nodes);
		expect(output).toContain("Imagen won't notify this execution");
		expect(output).toContain("set 'When Finished' to Pause Until Imagen Is Done");
	});
});

describe('photos', () => {
	it('150 RAW photos and 50 JPEGs are one reason, said once', async () => {
		await mkdir(join(studio.workFolder, 'card'));
		for (let number = 1; number <= 200; number++) {
			const [photo, extension] = number > 150 ? [oneJpeg, 'jpg'] : [oneRaw, 'nef'];
			await link(
				join(studio.workFolder, photo),
				join(studio.workFolder, 'card', `IMG_${number}.${extension}`),
			);
		}
		const output = await runTo('Upload', 'error', readFiles('Photos', 'card/*'), create('Card'), upload);
		expect(output).toContain('150 RAW and 50 JPEG photos, but a project takes one kind');
		expect(output).toContain('Nothing was uploaded or billed.');
		expect(output.length).toBeLessThan(500);
	});

	it('a file that is no photo is an error that says what was uploaded and billed', async () => {
		await mkdir(join(studio.workFolder, 'damaged'));
		await cp(join(studio.workFolder, oneJpeg), join(studio.workFolder, 'damaged', 'IMG_1.jpg'));
		await writeFile(join(studio.workFolder, 'damaged', 'IMG_2.jpg'), '');
		const output = await runTo('Shoot', 'error', readFiles('Photos', 'damaged/*'), editShoot());
		expect(output).toContain('IMG_2.jpg');
		expect(output).toMatch(/No edit of project .* was started or billed/);
	});

	it('the panel of Download says before a run that RAW photos give XMP files', async () => {
		expect(await panelOf(download)).toContain('For RAW photos, Imagen returns XMP files');
	});

	it('a folder that was not set up is an error, and no success without photos', async () => {
		const file = join(root, 'templates', 'folder-to-folder.json');
		const template = JSON.parse(await readFile(file, 'utf8')) as WorkflowDefinition;
		const withProfile = template.nodes.map((each) => ({
			...each,
			parameters: {
				...(each as TestNode).parameters,
				...(each.name === 'Edit Photos' && { profile: byId(jpegProfile) }),
			},
		}));
		await editor.openWorkflow(await studio.import({ ...template, nodes: withProfile }));
		expect(await runAgain('Edit Photos', 'error')).toContain("'Fetch Photos' found no files");
	});
});

describe('the panel', () => {
	it('a switch that is added as an option is on', async () => {
		await openPanelOf(editShoot());
		await editor.panel.add('Add Photo Option', 'Edit Without Failed Photos');
		expect(await editor.panel.isOn('editWithoutFailed')).toBe(true);
		await editor.panel.close();
	});

	it('an AI tool that is added is on', async () => {
		await openPanelOf(startEdit());
		await editor.panel.add('Add AI Tool', 'Crop');
		expect(await editor.panel.isOn('crop')).toBe(true);
		await editor.panel.close();
	});

	it('the time limit of a wait has one name', async () => {
		for (const each of [wait, editShoot()]) {
			await openPanelOf(each);
			await editor.panel.add('Add Option', 'Give Up After (Minutes)');
			expect(await editor.panel.labels()).toContain('Give Up After (Minutes)');
			await editor.panel.close();
		}
	});
});

const create = (projectName: string, more: object = {}) =>
	imagen('Create', 'project', 'create', { name: projectName, ...more });
const upload = imagen('Upload', 'photo', 'upload');
const startEdit = (name = 'Start Edit', more: object = {}) =>
	imagen(name, 'edit', 'start', { profile: byId(jpegProfile), ...more });
const wait = imagen('Wait', 'edit', 'wait');
const download = imagen('Download', 'edit', 'download');
const editShoot = (more: object = {}) =>
	imagen('Shoot', 'shoot', 'editPhotos', { profile: byId(jpegProfile), ...more });

const save = (folder: string) =>
	node('Save', 'n8n-nodes-base.readWriteFile', 1.1, {
		operation: 'write',
		fileName: `=${folder}/{{ $json.file_name }}`,
		options: {},
	});

const billed = async () => (await studio.control.billing()).photos;

/** Runs nodes in a row until this one has ended, and gives what its panel shows at its output, in one line. */
async function runTo(last: string, end: 'error' | 'success', ...nodes: TestNode[]): Promise<string> {
	await editor.openWorkflow(await studio.import(rowOf('First use', manualStart(), ...nodes)));
	return await runAgain(last, end);
}

async function runAgain(last: string, end: 'error' | 'success'): Promise<string> {
	await editor.runUntil(last, end);
	await editor.openNode(last);
	const output = await editor.panel.output();
	await editor.panel.close();
	return inOneLine(output);
}

async function openPanelOf(own: TestNode): Promise<void> {
	await editor.openWorkflow(await studio.import(rowOf('Panel', manualStart(), own)));
	await editor.openNode(own.name);
}

/** All that the panel of a node shows before a run, in one line. */
async function panelOf(own: TestNode): Promise<string> {
	await openPanelOf(own);
	const text = await editor.panel.root.innerText();
	await editor.panel.close();
	return inOneLine(text);
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ');
