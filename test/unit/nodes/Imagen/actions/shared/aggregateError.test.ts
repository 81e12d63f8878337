import type { IExecuteFunctions } from 'n8n-workflow';

import { aggregateError, linesOf } from '../../../../../../nodes/Imagen/actions/shared/aggregateError';
import { ImagenOperationError, type ErrorText } from '../../../../../../nodes/Imagen/errors/imagenErrors';

const contextOf = (settings = {}) =>
	({
		getNode: () => ({ name: 'Node', type: 'n8n-nodes-imagen-ai.imagen', typeVersion: 1, parameters: {} }),
		continueOnFail: () => false,
		...settings,
	}) as unknown as IExecuteFunctions;

const context = contextOf();

const about = (fileName: string, itemIndex: number, problem: string, remedy = '') =>
	new ImagenOperationError(context, `'${fileName}' ${problem}`, remedy, itemIndex, fileName);

const descriptionOf = (
	failures: Array<{ error: ErrorText; aside?: string }>,
	{ nextSteps = [] as string[], done = [] as string[] } = {},
) => aggregateError(context, { message: 'x', nextSteps, done, failures }).description;

test.each([
	['is empty (0 bytes)', 'a.NEF', "2 photos are empty (0 bytes): 'a.NEF' (item 1), 'a.NEF' (item 2)."],
	['is a hidden file', '.x', "2 files are hidden files: '.x' (item 1), '.x' (item 2)."],
	[
		'is a .txt file, which Imagen does not edit',
		'a.txt',
		/^2 files are \.txt files, which Imagen does not edit: /,
	],
	['is a file without a name', 'data', /^2 files are without a name: /],
	['has no result', 'a.NEF', /^2 photos have no result: /],
	['contains a web page', 'a.NEF', /^2 photos contain a web page: /],
	['was not uploaded', 'a.NEF', /^2 photos were not uploaded: /],
	['does not exist', 'a.NEF', /^2 photos do not exist: /],
])('what is wrong with several files is said once, as of several: %s', (problem, fileName, line) => {
	const failures = [0, 1].map((itemIndex) => ({ error: about(fileName, itemIndex, problem) }));
	expect(linesOf(failures)).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
});

test.each([
	["The link to 'a.NEF' leads to no file", 'The links to 2 photos lead to no file'],
	["The file behind the link to 'a.NEF' has changed", 'The files behind the links to 2 photos have changed'],
	["Imagen AI could not upload 'a.NEF': no", 'Imagen AI could not upload 2 photos: no'],
	["n8n no longer has the file 'a.NEF'", 'n8n no longer has 2 photos'],
])('so is what is not said of the file itself: %s', (message, line) => {
	const failures = [0, 1].map(() => ({ error: new Error(message), fileName: 'a.NEF' }));
	expect(linesOf(failures)).toEqual([`${line}: 'a.NEF', 'a.NEF'.`]);
});

test('reasons that differ are lines of their own, those of most files first', () => {
	const failures = [
		{ error: about('a.NEF', 0, 'is empty (0 bytes)') },
		{ error: about('b.NEF', 1, 'contains a JPEG') },
		{ error: about('c.NEF', 2, 'contains a JPEG') },
		{ error: new Error('The connection\nbroke.') },
	];
	expect(linesOf(failures)).toEqual([
		"2 photos contain a JPEG: 'b.NEF' (item 2), 'c.NEF' (item 3).",
		"Item 1: 'a.NEF' is empty (0 bytes).",
		'The connection broke.',
	]);
});

test('what is said of one file alone stands beside its name', () => {
	const failures = [1, 2].map((itemIndex) => ({
		error: about('a.NEF', itemIndex, "has the same name as another photo, 'A.NEF' of item 1, so they clash"),
		aside: "'A.NEF' of item 1",
	}));
	expect(linesOf(failures)).toEqual([
		"2 photos have the same name as another photo, so they clash: 'a.NEF' (item 2, like 'A.NEF' of item 1), 'a.NEF' (item 3, like 'A.NEF' of item 1).",
	]);
});

test('files of which different numbers of bytes, or different parts, are missing are one reason', () => {
	const failures = [
		"Imagen AI could not download 'a.NEF': only part of the file arrived (5 of 8 bytes)",
		"Imagen AI could not download 'b.NEF': only part of the file arrived (6 of 9 bytes)",
		"'c.NEF' is cut short (8 bytes)",
		"'d.NEF' is cut short (7 bytes)",
		"Imagen AI could not upload 'e.NEF' (part 1 of 3): no",
		"Imagen AI could not upload 'f.NEF' (part 2 of 4): no",
	].map((message) => ({ error: new Error(message), fileName: /'(.*)'/.exec(message)?.[1] }));
	expect(linesOf(failures)).toEqual([
		"Imagen AI could not download 2 photos: only part of the file arrived: 'a.NEF' (5 of 8 bytes), 'b.NEF' (6 of 9 bytes).",
		"2 photos are cut short: 'c.NEF' (8 bytes), 'd.NEF' (7 bytes).",
		"Imagen AI could not upload 2 photos: no: 'e.NEF' (part 1 of 3), 'f.NEF' (part 2 of 4).",
	]);
});

test('what to do comes first, then what was done, then a list of the reasons', () => {
	const failures = [
		{ error: about('a.NEF', 0, 'is odd', 'Nothing was sent. Leave it out.') },
		{ error: about('b.NEF', 1, 'is odd', 'Nothing was sent. Leave it out.') },
		{ error: about('c.NEF', 2, 'is old') },
	];
	expect(descriptionOf(failures, { nextSteps: ['Run it again.'], done: ['Nothing was billed.'] })).toBe(
		[
			'Leave it out.<br>',
			'Run it again.<br>',
			'Nothing was billed.',
			'<ul>',
			"<li>2 photos are odd: 'a.NEF' (item 1), 'b.NEF' (item 2).</li>",
			"<li>Item 3: 'c.NEF' is old.</li>",
			'</ul>',
		].join('\n'),
	);
});

test('where there is more to do than two things, each stands beside its reason, once', () => {
	const failures = [
		{ error: about('a.NEF', 0, 'is odd', 'Leave it out.') },
		{ error: about('b.NEF', 1, 'is old', 'Leave it out.') },
		{ error: about('c.NEF', 2, 'is red', 'Paint it.') },
		{ error: about('d.NEF', 3, 'is wet', 'Dry it.') },
	];
	expect(descriptionOf(failures, { done: ['Nothing was billed.'] })).toBe(
		[
			'Fix the problems listed below, then run the node again.<br>',
			'Nothing was billed.',
			'<ul>',
			"<li>Item 1: 'a.NEF' is odd.<br>",
			'Leave it out.</li>',
			"<li>Item 2: 'b.NEF' is old.</li>",
			"<li>Item 3: 'c.NEF' is red.<br>",
			'Paint it.</li>',
			"<li>Item 4: 'd.NEF' is wet.<br>",
			'Dry it.</li>',
			'</ul>',
		].join('\n'),
	);
	expect(descriptionOf(failures, { nextSteps: ['Run it again.'] })).toMatch(/^Run it again\.\n<ul>/);
});

test('names cannot break out of the HTML that n8n shows', () => {
	const failures = ['is odd', 'is red'].map((problem) => ({ error: about('<img src=x>&.NEF', 0, problem) }));
	expect(descriptionOf(failures)).toContain("<li>Item 1: '&lt;img src=x&gt;&amp;.NEF' is odd.</li>");
});

test.each([
	['a node that continues', { continueOnFail: () => true }],
	['an AI agent', { isToolExecution: () => true }],
])('%s gets plain text', (_who, settings) => {
	const failures = [0, 1].map((itemIndex) => ({ error: about('<a>.NEF', itemIndex, 'is odd') }));
	const error = aggregateError(contextOf(settings), { message: 'x', done: ['Done.'], failures });
	expect(error.description).toBe("Done.\n- 2 photos are odd: '<a>.NEF' (item 1), '<a>.NEF' (item 2).");
});

test('what is to be done about different reasons stands beside each, also where it is two things', () => {
	const failures = [
		{ error: about('a.NEF', 0, 'is odd', 'Leave it out.') },
		{ error: about('c.NEF', 2, 'is red', 'Paint it.') },
	];
	const description = descriptionOf(failures, { nextSteps: ['Run it again.'] });
	expect(description).toContain("Run it again.\n<ul>\n<li>Item 1: 'a.NEF' is odd.<br>\nLeave it out.</li>");
	expect(description).toContain("<li>Item 3: 'c.NEF' is red.<br>\nPaint it.</li>");
});

test('of one thing that failed its own message is said, and no list', () => {
	const failures = [{ error: about('a.NEF', 0, 'is odd', 'Leave it out.') }];
	const error = aggregateError(context, {
		message: '1 of 1 photos',
		done: ['Nothing was billed.'],
		failures,
	});
	expect(error.message).toBe("'a.NEF' is odd");
	expect(error.description).toBe('Leave it out.<br>\nNothing was billed.');
});

describe('each item', () => {
	const failures = [0, 1].map((itemIndex) => ({
		error: about('a.NEF', itemIndex, 'is odd', 'Leave it out.'),
	}));
	const error = aggregateError(contextOf({ continueOnFail: () => true }), {
		message: '2 of 3 photos are odd',
		nextSteps: ['Run it again.'],
		done: ['Nothing was sent.'],
		failures,
	});

	test('has its own reason, what to do, and what was done', () => {
		expect(error.forItem(1)).toEqual({
			message: "'a.NEF' is odd",
			description: 'Leave it out. Run it again. Nothing was sent.',
		});
	});

	test('without a reason of its own has a line on the others', () => {
		expect(error.forItem(2)).toEqual({
			message: '2 of 3 photos are odd',
			description: 'Run it again. Nothing was sent.',
		});
	});
});
