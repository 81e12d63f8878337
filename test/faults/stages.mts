import { randomBytes } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import type { Job } from '../../nodes/Imagen/api/endpoints.ts';
import type { EditingFlow } from '../../nodes/Imagen/api/projectRef.ts';
import { readBinary, type InputItem, type NodeResult } from '../support/engine/index.ts';
import { byId } from '../support/imagen.ts';
import type { FaultRule } from '../../sandbox/control.mts';
import { rawProfile } from '../../sandbox/test/helpers/studio.mts';
import type { Outcome } from './rules.mts';
import { textOf } from './told.mts';
import { itemsOf, newPhotos, type Shoot, type Studio } from './studio.mts';

/** A run of one operation: what has to be there before it, and what its user is promised after it. */
export interface Stage {
	operation: `${string}.${string}`;
	prepare(studio: Studio, photos: number): Promise<Scene>;
}

export interface Scene {
	parameters: INodeParameters;
	items: InputItem[];
	/** The project, where there is one before the run. */
	shoot?: Shoot;
	/** What an error has to name one of. */
	subjects: string[];
	/** Faults without which the request is not made. */
	before?: FaultRule[];
	/** What is not as promised; `ofCall` is what was demanded of the request itself, in a run that met the fault. */
	inspect?(result: NodeResult, ofCall?: Outcome): Promise<string[]>;
}

const onProject = (shoot: Shoot, parameters: INodeParameters = {}) => ({
	parameters: { project: byId(shoot.uuid), ...parameters },
	items: itemsOf(shoot),
	shoot,
	subjects: [shoot.uuid],
});

export const getProfiles: Stage = {
	operation: 'profile.getAll',
	async prepare() {
		return { parameters: { returnAll: true }, items: [{ json: {} }], subjects: ['profiles'] };
	},
};

let names = 0;

export const create = (source: EditingFlow): Stage => ({
	operation: 'project.create',
	async prepare(studio, photos) {
		const name = `Wedding ${++names}`;
		const items = Array.from({ length: photos }, () => ({ json: {} }));
		return {
			parameters: { name, editingFlow: source, ifNameExists: 'useExisting' },
			items,
			subjects: [name],
			async inspect() {
				const made = (await studio.control.projects()).filter((project) => project.name === name);
				return made.length > 1 ? [`${made.length} projects of one name`] : [];
			},
		};
	},
});

export const upload = (source: EditingFlow): Stage => ({
	operation: 'photo.upload',
	async prepare(studio, photos) {
		const shoot = await studio.emptyShoot(photos, source);
		return {
			...onProject(shoot, { binaryPropertyName: 'data' }),
			subjects: [shoot.uuid, ...shoot.photos.keys()],
			async inspect(result) {
				const there = await studio.arrived(shoot);
				const missing = [...shoot.photos.keys()].filter((name) => !there.has(name));
				return missing.filter((name) => !isTold(result, shoot, name)).map((name) => `${name} is lost`);
			},
		};
	},
});

export const startEdit = (source: EditingFlow): Stage => ({
	operation: 'edit.start',
	async prepare(studio, photos) {
		const flow = source === 'I2I' ? {} : { profile: byId(rawProfile) };
		return onProject(await studio.uploadedShoot(photos, source), { editingFlow: source, ...flow });
	},
});

export const startExport: Stage = {
	operation: 'export.start',
	async prepare(studio, photos) {
		return onProject(await studio.editedShoot(photos));
	},
};

export const wait = (job: Job, source: EditingFlow): Stage => ({
	operation: `${job}.wait`,
	async prepare(studio, photos) {
		const shoot = await studio.finishedShoot(photos, source);
		return onProject(shoot, { waitBy: 'poll', options: { timeoutMinutes: 1 } });
	},
});

export const download = (job: Job, source: EditingFlow): Stage => ({
	operation: `${job}.download`,
	async prepare(studio, photos) {
		const shoot = await studio.finishedShoot(photos, source);
		const made = shoot.results[job] as Map<string, Buffer>;
		return {
			...onProject(shoot, { options: { timeoutMinutes: 1 } }),
			subjects: [shoot.uuid, ...made.keys()],
			inspect: async (result) => await compare(result, shoot, made),
		};
	},
});

/** Whatever became of a callback: who asks gets the photos. */
export function downloadOf(shoot: Shoot) {
	const options = { timeoutMinutes: 1 };
	return { operation: 'edit.download', scene: onProject(shoot, { options }) };
}

/** Whether each file came as the sandbox made it, or is named as failed. */
export async function compare(
	result: NodeResult,
	shoot: Shoot,
	made: Map<string, Buffer>,
): Promise<string[]> {
	const problems: string[] = [];
	const came = new Set<string>();
	for (const { json, binary } of result.output.flat().filter((item) => item.binary)) {
		const name = String(json.file_name);
		came.add(name);
		const bytes = await readBinary(Object.values(binary!)[0]);
		if (!made.get(name)?.equals(bytes)) problems.push(`${name} is not what was made`);
	}
	const lost = [...made.keys()].filter((name) => !came.has(name) && !isTold(result, shoot, name));
	return [...problems, ...lost.map((name) => `${name} is lost`)];
}

/** Whether an error names the file, or stands for all of the project. A node that stops gives out nothing. */
function isTold(result: NodeResult, { uuid }: Shoot, fileName: string): boolean {
	const text = textOf(result);
	const isOfAll = result.error !== undefined || !/of \d+ (files|photos)/.test(text);
	return text.includes(fileName) || (isOfAll && text.includes(uuid));
}

/** Above this, a photo of Smart Editing goes up in parts; as small as S3 allows. */
export const PART_BYTES = 5 * 1024 * 1024;

/** The first photo goes up in two parts, the others as they are. */
export const uploadInParts: Stage = {
	operation: 'photo.upload',
	async prepare(studio, photos) {
		const { inspect, ...scene } = await upload('I2I').prepare(studio, photos);
		const shoot = scene.shoot!;
		const [first] = shoot.photos.keys();
		shoot.photos.set(first, randomBytes(PART_BYTES + 3000));
		return { ...scene, items: itemsOf(shoot), inspect };
	},
};

/** The same with parts that are refused: what was begun is given up, so that nothing half stays with Imagen. */
export const giveUpParts: Stage = {
	operation: 'photo.upload',
	async prepare(studio, photos) {
		const scene = await uploadInParts.prepare(studio, photos);
		return {
			...scene,
			before: [{ kind: 'status', status: 404, call: 'part', times: 'always' }],
			async inspect(result, ofCall) {
				const left = (await studio.control.uploads()).filter(
					({ project_uuid, state }) => project_uuid === scene.shoot!.uuid && state === 'open',
				);
				const unkept = (await scene.inspect?.(result, ofCall)) ?? [];
				return [...unkept, ...(ofCall === 'healed' && left.length > 0 ? ['an upload was left open'] : [])];
			},
		};
	},
};

/** Every step on finished photos: one item for each. */
const onFinished = (operation: string, parameters: INodeParameters, perPhoto = true): Stage => ({
	operation: `retouch.${operation}`,
	async prepare(studio, photos) {
		const shoot = await studio.finishedShoot(photos, 'REGULAR');
		const files = [...shoot.results.export!.keys()];
		const project_uuid = shoot.uuid;
		return {
			...onProject(shoot, parameters),
			items: perPhoto ? files.map((file_name) => ({ json: { project_uuid, file_name } })) : [{ json: {} }],
			subjects: [project_uuid, ...files],
		};
	},
});

export const getTools = onFinished('getTools', {}, false);
export const instruct = onFinished('applyInstruction', { instruction: 'Remove the lamp post' });
export const applyTool = onFinished('applyTool', { tool: 'clean_floor' });
export const resetPhotos = onFinished('reset', {});
export const finalize = onFinished('finalize', { finalOutput: 'project' }, false);

/** All of it in one node: project, photos, edit, results, export, results. */
export const wholeShoot: Stage = {
	operation: 'shoot.editPhotos',
	async prepare(studio, photos) {
		const name = `Shoot ${++names}`;
		const shoot: Shoot = { uuid: '', source: 'REGULAR', photos: newPhotos(photos), results: {} };
		// Of a result, the name without the ending.
		const subjects = [
			name,
			'profiles',
			...[...shoot.photos.keys()].map((file) => file.replace(/\.\w+$/, '')),
		];
		return {
			parameters: {
				profile: byId(rawProfile),
				results: 'both',
				options: { projectName: name, ifNameExists: 'useExisting', timeoutMinutes: 60 },
			},
			items: itemsOf(shoot),
			shoot,
			subjects,
			async inspect(result) {
				const made = (await studio.control.projects()).filter((project) => project.name === name);
				if (made.length === 0) return [];
				shoot.uuid = made[0].project_uuid;
				const problems = made.length > 1 ? [`${made.length} projects of one name`] : [];
				const files = await studio.results(shoot);
				return [...problems, ...(await compare(result, shoot, files))];
			},
		};
	},
};
