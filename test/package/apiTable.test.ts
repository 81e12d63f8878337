import { endpoints, type Job } from '../../nodes/Imagen/api/endpoints';
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
	const listed = new Set(rows.map(([call]) => / (\/[^`]*)`/.exec(call)?.[1]).filter(Boolean));
	const called = new Set([...pathsOf('REGULAR'), ...pathsOf('I2I')]);
	expect([...listed].sort()).toEqual([...called].sort());
});

type EditingFlow = ProjectRef['editingFlow'];

/** For every endpoint, how its paths are made for a flow that has it. A new endpoint is an error of types here. */
const PATHS: Record<keyof typeof endpoints, (ref: ProjectRef) => string[]> = {
	profiles: inRegular(() => endpoints.profiles()),
	newProject: inBoth(({ editingFlow }) => endpoints.newProject(editingFlow)),
	projects: inBoth(({ editingFlow }) => endpoints.projects(editingFlow)),
	project: inBoth(endpoints.project),
	nameCheck: inSmartEditing(() => endpoints.nameCheck()),
	downloadLink: inBoth(endpoints.downloadLink),
	replaceLink: inBoth(endpoints.replaceLink),
	projectUuidByName: inRegular(() => endpoints.projectUuidByName('{name}')),
	skyTemplates: inRegular(() => endpoints.skyTemplates()),
	uploadLinks: inBoth(endpoints.uploadLinks),
	multipartUploads: inSmartEditing(endpoints.multipartUploads),
	multipartUpload: inSmartEditing((ref) => endpoints.multipartUpload(ref, '{upload}')),
	completeMultipartUpload: inSmartEditing((ref) => endpoints.completeMultipartUpload(ref, '{upload}')),
	start: ofJobs(endpoints.start),
	status: ofJobs(endpoints.status),
	downloadLinks: ofJobs(endpoints.downloadLinks),
	retouchTools: inRegular(endpoints.retouchTools),
	instruct: inRegular((ref) => endpoints.instruct(ref, '{file}')),
	enhance: inRegular((ref) => endpoints.enhance(ref, '{file}')),
	finalize: inRegular(endpoints.finalize),
};

type PathOf = (ref: ProjectRef) => string;

function inBoth(path: PathOf) {
	return (ref: ProjectRef) => [path(ref)];
}

function inRegular(path: PathOf) {
	return (ref: ProjectRef) => (ref.editingFlow === 'REGULAR' ? [path(ref)] : []);
}

function inSmartEditing(path: PathOf) {
	return (ref: ProjectRef) => (ref.editingFlow === 'I2I' ? [path(ref)] : []);
}

/** Smart Editing has no export. */
function ofJobs(path: (job: Job, ref: ProjectRef) => string) {
	return (ref: ProjectRef) => [
		path('edit', ref),
		...(ref.editingFlow === 'REGULAR' ? [path('export', ref)] : []),
	];
}

/** Every path of the API for a flow, with placeholders in braces. */
function pathsOf(editingFlow: EditingFlow): string[] {
	const ref: ProjectRef = { uuid: '{uuid}', editingFlow };
	return Object.values(PATHS)
		.flatMap((paths) => paths(ref))
		.map(decodeURIComponent);
}
