import { randomBytes } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import type { Job } from '../../nodes/Imagen/api/endpoints.ts';
import type { EditingFlow } from '../../nodes/Imagen/api/projectRef.ts';
import { readBinary, type InputItem, type NodeResult } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import type { FaultRule } from '../../sandbox/sandboxControl.mts';
import { rawProfile } from '../../sandbox/sandboxClient.mts';
import type { Outcome } from './expectedOutcome.mts';
import { reportedText } from './reportedErrors.mts';
import { itemsOf, newPhotos, type Shoot, type Testbed } from './testbed.mts';

/** A run of one operation: what has to exist before it, and what its user may rely on after it. */
export interface Scenario {
	operation: `${string}.${string}`;
	prepare(testbed: Testbed, photos: number): Promise<PreparedRun>;
}

export interface PreparedRun {
	parameters: INodeParameters;
	items: InputItem[];
	/** The project, where there is one before the run. */
	shoot?: Shoot;
	/** An error must name at least one of these. */
	subjects: string[];
	/** Faults without which the nodes do not make the call. */
	requiredFaults?: FaultRule[];
	/** Looks for broken promises. `expectedOfCall`: what was expected of the call itself, in a run that met the fault. */
	findProblems?(result: NodeResult, expectedOfCall?: Outcome): Promise<string[]>;
}

/** What an error may call a project. */
const subjectsOf = ({ uuid, name }: Shoot) => [uuid, `'${name}'`];

const runOnProject = (shoot: Shoot, parameters: INodeParameters = {}) => ({
	parameters: { project: byId(shoot.uuid), ...parameters },
	items: itemsOf(shoot),
	shoot,
	subjects: subjectsOf(shoot),
});

export const getProfiles: Scenario = {
	operation: 'profile.getAll',
	async prepare() {
		return { parameters: { returnAll: true }, items: [{ json: {} }], subjects: ['profiles'] };
	},
};

let projectNumber = 0;

export const create = (editingFlow: EditingFlow): Scenario => ({
	operation: 'project.create',
	async prepare(testbed, photos) {
		const name = `Wedding ${++projectNumber}`;
		const items = Array.from({ length: photos }, () => ({ json: {} }));
		return {
			parameters: { name, editingFlow, ifNameExists: 'useExisting' },
			items,
			subjects: [name],
			async findProblems() {
				const generated = (await testbed.control.projects()).filter((project) => project.name === name);
				return generated.length > 1 ? [`${generated.length} projects of one name`] : [];
			},
		};
	},
});

export const upload = (editingFlow: EditingFlow): Scenario => ({
	operation: 'photo.upload',
	async prepare(testbed, photos) {
		const shoot = await testbed.emptyShoot(photos, editingFlow);
		return {
			...runOnProject(shoot, { binaryPropertyName: 'data' }),
			subjects: [...subjectsOf(shoot), ...shoot.photos.keys()],
			async findProblems(result) {
				const there = await testbed.uploadedNames(shoot);
				const missing = [...shoot.photos.keys()].filter((name) => !there.has(name));
				return missing.filter((name) => !isReported(result, shoot, name)).map((name) => `${name} is lost`);
			},
		};
	},
});

export const startEdit = (editingFlow: EditingFlow): Scenario => ({
	operation: 'edit.start',
	async prepare(testbed, photos) {
		const profile = editingFlow === 'I2I' ? {} : { profile: byId(rawProfile) };
		return runOnProject(await testbed.uploadedShoot(photos, editingFlow), { editingFlow, ...profile });
	},
});

export const startExport: Scenario = {
	operation: 'export.start',
	async prepare(testbed, photos) {
		return runOnProject(await testbed.editedShoot(photos));
	},
};

export const wait = (job: Job, editingFlow: EditingFlow): Scenario => ({
	operation: `${job}.wait`,
	async prepare(testbed, photos) {
		const shoot = await testbed.finishedShoot(photos, editingFlow);
		return runOnProject(shoot, { waitBy: 'poll', options: { timeoutMinutes: 1 } });
	},
});

export const download = (job: Job, editingFlow: EditingFlow): Scenario => ({
	operation: `${job}.download`,
	async prepare(testbed, photos) {
		const shoot = await testbed.finishedShoot(photos, editingFlow);
		const generated = shoot.results[job] as Map<string, Buffer>;
		return {
			...runOnProject(shoot, { options: { timeoutMinutes: 1 } }),
			subjects: [...subjectsOf(shoot), ...generated.keys()],
			findProblems: async (result) => await wrongOrLostFiles(result, shoot, generated),
		};
	},
});

/** A download, which gets the photos whatever became of a callback. */
export function downloadRun(shoot: Shoot) {
	const options = { timeoutMinutes: 1 };
	return { operation: 'edit.download', prepared: runOnProject(shoot, { options }) };
}

/** Files that differ from what the sandbox generated, or that are missing and not named in an error. */
export async function wrongOrLostFiles(
	result: NodeResult,
	shoot: Shoot,
	generated: Map<string, Buffer>,
): Promise<string[]> {
	const problems: string[] = [];
	const came = new Set<string>();
	for (const { json, binary } of result.output.flat().filter((item) => item.binary)) {
		const name = String(json.file_name);
		came.add(name);
		const bytes = await readBinary(Object.values(binary!)[0]);
		if (!generated.get(name)?.equals(bytes)) problems.push(`${name} differs from what Imagen generated`);
	}
	const lost = [...generated.keys()].filter((name) => !came.has(name) && !isReported(result, shoot, name));
	return [...problems, ...lost.map((name) => `${name} is lost`)];
}

/** Whether an error names the file, or is about the whole project. A node that stops has no output. */
function isReported(result: NodeResult, shoot: Shoot, fileName: string): boolean {
	const text = reportedText(result);
	const isOfAll = result.error !== undefined || !/of \d+ (files|photos)/.test(text);
	return text.includes(fileName) || (isOfAll && subjectsOf(shoot).some((subject) => text.includes(subject)));
}

/** Larger photos of Smart Editing are uploaded in parts; the smallest size that S3 allows. */
export const PART_BYTES = 5 * 1024 * 1024;

/** The first photo is uploaded in two parts, each other one in one request. */
export const uploadInParts: Scenario = {
	operation: 'photo.upload',
	async prepare(testbed, photos) {
		const prepared = await upload('I2I').prepare(testbed, photos);
		const shoot = prepared.shoot!;
		const [first] = shoot.photos.keys();
		shoot.photos.set(first, randomBytes(PART_BYTES + 3000));
		return { ...prepared, items: itemsOf(shoot) };
	},
};

/** The same with parts that are refused: the upload is aborted, so that Imagen keeps no incomplete one. */
export const abortParts: Scenario = {
	operation: 'photo.upload',
	async prepare(testbed, photos) {
		const prepared = await uploadInParts.prepare(testbed, photos);
		return {
			...prepared,
			requiredFaults: [{ kind: 'status', status: 404, call: 'part', times: 'always' }],
			async findProblems(result, expectedOfCall) {
				const left = (await testbed.control.uploads()).filter(
					({ project_uuid, state }) => project_uuid === prepared.shoot!.uuid && state === 'open',
				);
				const problems = (await prepared.findProblems?.(result, expectedOfCall)) ?? [];
				return [
					...problems,
					...(expectedOfCall === 'recovered' && left.length > 0 ? ['an upload was left open'] : []),
				];
			},
		};
	},
};

/** An operation on finished photos, with one item for each. */
const retouchScenario = (operation: string, parameters: INodeParameters, perPhoto = true): Scenario => ({
	operation: `retouch.${operation}`,
	async prepare(testbed, photos) {
		const shoot = await testbed.finishedShoot(photos, 'REGULAR');
		const files = [...shoot.results.export!.keys()];
		const project_uuid = shoot.uuid;
		const project_name = shoot.name;
		return {
			...runOnProject(shoot, parameters),
			items: perPhoto
				? files.map((file_name) => ({ json: { project_uuid, project_name, file_name } }))
				: [{ json: {} }],
			subjects: [...subjectsOf(shoot), ...files],
		};
	},
});

export const getTools = retouchScenario('getTools', {}, false);
export const instruct = retouchScenario('applyInstruction', { instruction: 'Remove the lamp post' });
export const applyTool = retouchScenario('applyTool', { tool: 'clean_floor' });
export const resetPhotos = retouchScenario('reset', {});
export const finalize = retouchScenario('finalize', { finalOutput: 'project' }, false);

/** All of it in one node: project, photos, edit, results, export, results. */
export const wholeShoot: Scenario = {
	operation: 'shoot.editPhotos',
	async prepare(testbed, photos) {
		const name = `Shoot ${++projectNumber}`;
		const shoot: Shoot = { uuid: '', name, editingFlow: 'REGULAR', photos: newPhotos(photos), results: {} };
		// A result has the photo's name with another extension.
		const subjects = [
			name,
			'profiles',
			...[...shoot.photos.keys()].map((file) => file.replace(/\.\w+$/, '')),
		];
		return {
			parameters: {
				profile: byId(rawProfile),
				results: 'both',
				projectName: name,
				ifNameExists: 'useExisting',
				options: { timeoutMinutes: 60 },
			},
			items: itemsOf(shoot),
			shoot,
			subjects,
			async findProblems(result) {
				const generated = (await testbed.control.projects()).filter((project) => project.name === name);
				if (generated.length === 0) return [];
				shoot.uuid = generated[0].project_uuid;
				const problems = generated.length > 1 ? [`${generated.length} projects of one name`] : [];
				const files = await testbed.results(shoot);
				return [...problems, ...(await wrongOrLostFiles(result, shoot, files))];
			},
		};
	},
};
