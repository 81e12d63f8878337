import type { IExecuteFunctions } from 'n8n-workflow';

import { aggregateError } from '../../../../../../nodes/Imagen/actions/shared/aggregateError';
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

const linesOf = (failures: Array<{ error: ErrorText; aside?: string }>) =>
	aggregateError(context, { message: 'x', done: [], failures })
		.description?.split('<br>\n')
		.filter((line) => line.startsWith('•'));

test.each([
	['is empty (0 bytes)', 'a.NEF', "• 2 photos are empty (0 bytes): 'a.NEF' (item 1), 'a.NEF' (item 2)."],
	['is a hidden file', '.x', "• 2 files are hidden files: '.x' (item 1), '.x' (item 2)."],
	[
		'is a .txt file, which Imagen does not edit',
		'a.txt',
		/^• 2 files are \.txt files, which Imagen does not edit: /,
	],
	['is a file without a name', 'data', /^• 2 files are without a name: /],
	['has no result', 'a.NEF', /^• 2 photos have no result: /],
	['holds a web page', 'a.NEF', /^• 2 photos hold a web page: /],
])('what is wrong with several files is said once, as of several: %s', (problem, fileName, line) => {
	const failures = [0, 1].map((itemIndex) => ({ error: about(fileName, itemIndex, problem) }));
	expect(linesOf(failures)).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
});

test('reasons that differ are lines of their own, those of most files first', () => {
	const failures = [
		{ error: about('a.NEF', 0, 'is empty (0 bytes)') },
		{ error: about('b.NEF', 1, 'holds a JPEG') },
		{ error: about('c.NEF', 2, 'holds a JPEG') },
		{ error: new Error('The connection broke.') },
	];
	expect(linesOf(failures)).toEqual([
		"• 2 photos hold a JPEG: 'b.NEF' (item 2), 'c.NEF' (item 3).",
		"• Item 1: 'a.NEF' is empty (0 bytes).",
		'• The connection broke.',
	]);
});

test('what is said of one file alone stands beside its name', () => {
	const failures = [1, 2].map((itemIndex) => ({
		error: about('a.NEF', itemIndex, "has the name of another photo, 'A.NEF' of item 1, so that they clash"),
		aside: "'A.NEF' of item 1",
	}));
	expect(linesOf(failures)).toEqual([
		"• 2 photos have the name of another photo, so that they clash: 'a.NEF' (item 2, like 'A.NEF' of item 1), 'a.NEF' (item 3, like 'A.NEF' of item 1).",
	]);
});

test('what to do is said once, before the reasons, and that nothing was done only once', () => {
	const failures = [
		{ error: about('a.NEF', 0, 'is odd', 'Nothing was sent. Leave it out.') },
		{ error: about('b.NEF', 1, 'is odd', 'Nothing was sent. Leave it out.') },
	];
	const { description } = aggregateError(context, { message: 'x', done: ['Nothing was billed.'], failures });
	expect(description).toMatch(/^Nothing was billed\.<br>\nLeave it out\.<br>\n• 2 photos are odd: /);
});

test('names cannot break out of the HTML that n8n shows', () => {
	const failures = [{ error: about('<img src=x>&.NEF', 0, 'is odd') }];
	expect(linesOf(failures)).toEqual(["• Item 1: '&lt;img src=x&gt;&amp;.NEF' is odd."]);
});

test.each([
	['a node that continues', { continueOnFail: () => true }],
	['an AI agent', { isToolExecution: () => true }],
])('%s gets plain text', (_who, settings) => {
	const failures = [0, 1].map((itemIndex) => ({ error: about('<a>.NEF', itemIndex, 'is odd') }));
	const error = aggregateError(contextOf(settings), { message: 'x', done: ['Done.'], failures });
	expect(error.description).toBe("Done.\n• 2 photos are odd: '<a>.NEF' (item 1), '<a>.NEF' (item 2).");
});

describe('each item', () => {
	const failures = [0, 1].map((itemIndex) => ({
		error: about('a.NEF', itemIndex, 'is odd', 'Leave it out.'),
	}));
	const error = aggregateError(contextOf({ continueOnFail: () => true }), {
		message: '2 of 3 photos are odd',
		done: ['Nothing was sent.'],
		failures,
	});

	test('has its own reason, what to do, and what was done', () => {
		expect(error.forItem(1)).toEqual({
			message: "'a.NEF' is odd",
			description: 'Leave it out. Nothing was sent.',
		});
	});

	test('without a reason of its own has a line on the others', () => {
		expect(error.forItem(2)).toEqual({ message: '2 of 3 photos are odd', description: 'Nothing was sent.' });
	});
});
