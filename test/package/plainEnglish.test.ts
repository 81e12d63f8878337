import type { IWorkflowBase } from 'n8n-workflow';

import { resources } from '../../nodes/Imagen/actions';
import { credentialTypes, nodeDescriptions } from './parameters';
import { listFiles, readJson, readRuntimeSources, readText } from './project';
import { codeTexts } from './texts';

/** An operation by its labels in the panel, such as `Edit: Start`; in the texts of the code, `…` may stand for the resource. */
const BY_LABELS = (() => {
	const all = Object.values(resources);
	const operations = all.flatMap((resource) => Object.values(resource.operations)).map(({ name }) => name);
	return new RegExp(`(\\b(${all.map(({ name }) => name).join('|')})|…): (${operations.join('|')})\\b`);
})();

/** Words that the people who read these texts do not use, or not in this sense, and what to say. */
const UNPLAIN: Array<[words: RegExp, plain: string]> = [
	[/\bparks?\b|\bparked\b|\bparking\b/i, 'paused; n8n pauses the workflow'],
	[BY_LABELS, "the operation's name in n8n's list of actions, such as Start edit"],
	[/\bhold(s|ing)? (nobody|no worker|a worker|an execution)\b|\bworker is held\b/i, 'keeps running'],
	[/\bfrom time to time\b|\bby asking\b|\basks? again and again\b/i, 'checks every few seconds to minutes'],
	[/\btold\b|\btells?\b/i, 'shown, listed, says, reports'],
	[
		/\bwhom\b|\b(that|which|where) Imagen calls\b|\bImagen to call\b|\bImagen's call\b|\bthe call\b/i,
		'the URL Imagen notifies, the notification',
	],
	[/\bcall(s|ed|ing)? back\b/i, 'notifies'],
	[/\b(come|comes|came|coming) back\b/i, 'is returned'],
	[/\bgo(es|ing|ne)? on\b|\bwent on\b/i, 'continues, resumes, picks up where it stopped'],
	[
		/\bsent to edit\b|\bsent already\b|\balready sent\b|\bsend again\b|\bedits? sent\b/i,
		'edit started; sent or billed again',
	],
	[/\banew\b/i, 'again'],
	[/\bended\b/i, 'finished'],
	[/\bat fault\b/i, 'wrong'],
	[/\b(is|are|be) sound\b/i, 'valid'],
	[/\bendings?\b/i, 'extension'],
	[/\bunder way\b/i, 'in progress'],
	[/\bcannot be edited for\b/, "10 files can't be edited"],
	[/\bBinary tab\b/i, 'the name of the input field with the photo (usually data)'],
	[/\bfalling lines\b|\bset upright\b/i, 'straighten converging verticals'],
	[/\be-mails?\b/i, 'email'],
];

const unplainIn = (text: string) =>
	UNPLAIN.filter(([words]) => words.test(text)).map(([, plain]) => `${text} -> ${plain}`);

const PANEL_TEXTS = ['action', 'description', 'displayName', 'hint', 'message', 'name', 'placeholder'];

/** All that a part of the panel says; the names of its fields are not texts, those of its choices are. */
function panelTextsIn(part: unknown): string[] {
	if (Array.isArray(part)) return part.flatMap(panelTextsIn);
	if (typeof part !== 'object' || part === null) return [];
	return Object.entries(part).flatMap(([key, value]: [string, unknown]) => {
		const isText = PANEL_TEXTS.includes(key) || /(Help|Text|Title|Message|Description)$/.test(key);
		return typeof value === 'string' && isText ? [value] : panelTextsIn(value);
	});
}

test('what the nodes say of a run is in plain English: errors, hints, log lines and outputs', () => {
	const texts = codeTexts();
	expect(texts.length).toBeGreaterThan(200);
	expect(texts.flatMap(({ path, text }) => unplainIn(text).map((found) => `${path}: ${found}`))).toEqual([]);
});

test('the panel is in plain English', async () => {
	const texts = panelTextsIn([...(await nodeDescriptions()), ...(await credentialTypes())]);
	expect(texts.length).toBeGreaterThan(500);
	expect([...new Set(texts.flatMap(unplainIn))]).toEqual([]);
});

/** What people read beside the panel. Reports that a command writes are not among them, nor is the license. */
const PAGES = [
	'README.md',
	'CHANGELOG.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'bench/README.md',
	'test/e2e/README.md',
	'test/faults/README.md',
	'test/support/photos/README.md',
	...['demo', 'docs', 'sandbox', 'templates'].flatMap((folder) => listFiles(folder, '.md')),
];

/** The text of a page, line by line, without code and the names of source files. */
const linesOf = (path: string) =>
	readText(path)
		.replace(/```.*?```|`[^`]*`/gs, '')
		.replace(/\]\([^)]*\)/g, ']')
		.replace(/\[[^\]]*\.m?ts\]/g, '')
		.split('\n')
		.map((text) => ({ path, text }));

/** The notes on the canvas of a workflow. */
const notesOf = (path: string) => {
	const { nodes } = readJson(path) as IWorkflowBase;
	return nodes.map(({ parameters }) => ({ path, text: String(parameters.content ?? '') }));
};

/** Forms, and what a release says: all of a file, since its texts stand among its code. */
const allOf = (path: string) =>
	readText(path)
		.split('\n')
		.map((text) => ({ path, text }));

test('every page, form and note of a workflow is in plain English', () => {
	const workflows = ['templates', 'demo/workflows'].flatMap((folder) => listFiles(folder, '.json'));
	const mixed = [...listFiles('.github', '.yml'), ...listFiles('release', 'ts')];
	const texts = [...PAGES.flatMap(linesOf), ...workflows.flatMap(notesOf), ...mixed.flatMap(allOf)];
	expect(texts.length).toBeGreaterThan(2000);
	expect(texts.flatMap(({ path, text }) => unplainIn(text).map((found) => `${path}: ${found}`))).toEqual([]);
});

test('the code that pauses executions has no other word for it', () => {
	const found = readRuntimeSources().filter(({ path }) => /\bpark|Park/.test(path + readText(path)));
	expect(found.map(({ path }) => path)).toEqual([]);
});
