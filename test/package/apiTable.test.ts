import { endpoints } from '../../nodes/Imagen/api/endpoints';
import type { ProjectRef } from '../../nodes/Imagen/api/projectRef';
import { exists, pathFrom, readText } from './project';

const TABLE = 'docs/api.md';

/** The rows of all tables, without their heads. */
const rows = readText(TABLE)
	.split('\n')
	.filter((line) => line.startsWith('| `'))
	.map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()),
	);

test('the table of the API has no empty cell', () => {
	expect(rows.length).toBeGreaterThan(25);
	for (const row of rows) {
		expect(row).toHaveLength(5);
		expect(row.filter((cell) => cell === '')).toEqual([]);
	}
});

test('the test files that the table of the API names exist', () => {
	const files = rows.flat().flatMap((cell) => [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link));
	expect(files.filter((file) => !exists(pathFrom(TABLE, file)))).toEqual([]);
});

test('the table of the API has every path that the nodes call, and no other', () => {
	const told = new Set(rows.map(([call]) => / (\/[^`]*)`/.exec(call)?.[1]).filter(Boolean));
	const called = new Set([...pathsOf('REGULAR'), ...pathsOf('I2I')]);
	expect([...told].sort()).toEqual([...called].sort());
});

/** Every path of the API for a flow that has it, with placeholders in braces. */
function pathsOf(source: ProjectRef['editingFlow']): string[] {
	const ref: ProjectRef = { uuid: '{uuid}', editingFlow: source };
	const both = [
		endpoints.newProject(source),
		endpoints.projects(source),
		endpoints.project(ref),
		endpoints.uploadLinks(ref),
		endpoints.start('edit', ref),
		endpoints.status('edit', ref),
		endpoints.downloadLinks('edit', ref),
	];
	const regular = [
		endpoints.profiles(),
		endpoints.projectUuidByName('{name}'),
		endpoints.skyTemplates(),
		endpoints.start('export', ref),
		endpoints.status('export', ref),
		endpoints.downloadLinks('export', ref),
		endpoints.retouchTools(ref),
		endpoints.instruct(ref, '{file}'),
		endpoints.enhance(ref, '{file}'),
		endpoints.finalize(ref),
	];
	const smart = [
		endpoints.multipartUploads(ref),
		endpoints.multipartUpload(ref, '{upload}'),
		endpoints.completeMultipartUpload(ref, '{upload}'),
	];
	return [...both, ...(source === 'REGULAR' ? regular : smart)].map(decodeURIComponent);
}
