import { isFinal, toStatus } from '../../../../../nodes/Imagen/api/status';

test.each([
	['Pending', 'Pending'],
	['PENDING', 'Pending'],
	['In Progress', 'In Progress'],
	['IN PROGRESS', 'In Progress'],
	['in_progress', 'In Progress'],
	['InProgress', 'In Progress'],
	['In-Progress', 'In Progress'],
	[' completed ', 'Completed'],
	['COMPLETED', 'Completed'],
	['FAILED', 'Failed'],
	['Created', 'Pending'],
	['New', 'Pending'],
	['Queued', 'In Progress'],
	['Processing', 'In Progress'],
	['Done', 'Completed'],
	['Finished', 'Completed'],
	['Success', 'Completed'],
	['Error', 'Failed'],
	['Failed with errors', 'Failed'],
])('the status word %j means %s', (word, status) => {
	expect(toStatus(word)).toBe(status);
});

test.each(['Uploading', '', 'Completed soon', 'constructor'])(
	'the status word %j, which nobody documented, is not an end',
	(word) => {
		expect(toStatus(word)).toBe('In Progress');
		expect(isFinal(toStatus(word))).toBe(false);
	},
);

test('only Completed and Failed are the end of an edit or export', () => {
	const final = (['Pending', 'In Progress', 'Completed', 'Failed'] as const).filter(isFinal);
	expect(final).toEqual(['Completed', 'Failed']);
});
