import type { INodeParameters } from 'n8n-workflow';
import { rawProfile } from '../../../sandbox/sandboxClient.mts';
import type { Settings } from '../../../sandbox/sandboxControl.mts';
import {
	create,
	download,
	exportDownload,
	exportStart,
	exportWait,
	FLOWS,
	photos,
	preview,
	shoot,
	start,
	upload,
	wait,
	type Step,
	type Studio,
} from '../../cases/studio.mts';
import { photo, type InputItem } from '../../support/engine/index.ts';
import { byId } from '../../support/imagen.ts';
import { outputsOf, type Output } from './outputs.mts';

/** A workflow whose nodes give out fields for the schemas. All samples together give out every field that there is. */
interface Sample {
	what: string;
	settings?: Partial<Settings>;
	/** What happens in the account before it. */
	prepare?: (studio: Studio) => Promise<unknown>;
	/** Two may have the same name. */
	steps: Step[];
	items: InputItem[];
}

type Flow = (typeof FLOWS)[number];

/** Runs each sample in an account of its own. @returns what each operation gave out in all of them */
export async function runSamples(studio: Studio): Promise<Map<string, Output['items']>> {
	const outputs = new Map<string, Output['items']>();
	for (const { what, settings, prepare, steps, items } of SAMPLES) {
		await studio.begin(settings);
		await prepare?.(studio);
		const numbered = steps.map((step, index) => ({ ...step, name: `${index + 1}. ${step.name}` }));
		const { result, words } = await studio.run(numbered, items, AS_SAMPLE);
		if (words) throw new Error(`The sample '${what}' has failed: ${words}`);
		for (const { operation, items: given } of outputsOf(numbered, result))
			outputs.set(operation, [...(outputs.get(operation) ?? []), ...given]);
	}
	return outputs;
}

const AS_SAMPLE = { makesSchemas: true };

const node = (operation: Step['operation'], parameters: INodeParameters = {}): Step => ({
	name: operation,
	operation,
	parameters,
});

const NAMES = ['A_1.NEF', 'A_2.NEF', 'A_3.NEF'];

const card = (number: number) => NAMES.map((name) => photo(name, Buffer.alloc(300, number)));

/** Two memory cards with photos of the same names, one whose name cannot be written everywhere, and a file that is no photo. */
const CARDS = [...card(1), ...card(2), ...photos('A: 4.NEF', 'A.txt')];

const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');

/** The first looks find the job in progress, by a word that is not documented. */
const SLOW = { editSeconds: 1000, exportSeconds: 1000, runningWord: 'Developing' };

/** Gives up before the end. */
const BRIEFLY = { timeoutMinutes: 5, ifNotFinished: 'returnState' };

const UNIQUE = { ifNamesRepeat: 'makeUnique' };

const KINDS_OF_VERSIONS = ['version', 'link', 'file'];
const KINDS_OF_FINAL_FILES = ['files', 'links', 'project'];

const startWithTool = (flow: Flow) =>
	start({ flow, tools: flow === 'I2I' ? { perspectiveCorrection: true } : { straighten: true } });

/** The edit of a project, from its start to its results. */
const editSteps = (flow: Flow): Step[] => [
	startWithTool(flow),
	wait({ options: BRIEFLY }),
	startWithTool(flow),
	node('edit.getStatus'),
	wait(),
	node('edit.getDownloadLinks'),
	download(),
];

/** The same of its export. */
const exportSteps: Step[] = [
	exportStart(),
	exportWait({ options: BRIEFLY }),
	exportStart(),
	node('export.getStatus'),
	exportWait(),
	node('export.getDownloadLinks'),
	exportDownload(),
];

/** All AI tools, in lists without two that exclude each other. */
const TOOLS: Record<Flow, INodeParameters[]> = {
	REGULAR: [
		{
			crop: true,
			cropAspectRatio: '4X5',
			straighten: true,
			hdrMerge: true,
			hdrOutputCompression: 'LOSSY',
			skyReplacement: true,
			skyReplacementTemplateId: 2,
			smoothSkin: true,
			subjectMask: true,
			windowPull: true,
		},
		{ headshotCrop: true, perspectiveCorrection: true },
		{ portraitCrop: true },
	],
	I2I: [{ hdrMerge: true, perspectiveCorrection: true, skyReplacement: true, skyReplacementTemplateId: 2 }],
};

/** What can be done to finished photos, each on the original and on a version. */
const retouchSteps: Step[] = [
	...KINDS_OF_VERSIONS.flatMap((versionOutput) => {
		const options = { versionOutput };
		const instruct = node('retouch.applyInstruction', { photos: 'all', instruction: 'Brighter', options });
		const enhance = node('retouch.applyTool', { photos: 'all', tool: 'clean_floor', options });
		const reset = node('retouch.reset', { photos: 'all' });
		return [instruct, enhance, reset, enhance, instruct, reset];
	}),
	...KINDS_OF_FINAL_FILES.map((finalOutput) => node('retouch.finalize', { finalOutput })),
	node('retouch.getTools'),
];

const projectSteps = (flow: Flow): Step[] => [
	node('project.get', { options: { thumbnail: true } }),
	node('project.getAll', { editingFlow: flow, options: { thumbnail: true } }),
];

const samplesOf = (flow: Flow): Sample[] => [
	{
		what: `an item for each photo (${flow})`,
		settings: SLOW,
		steps: [
			create('Anna', { flow }),
			upload({ parameters: { options: { uploadOutput: 'photo', ...UNIQUE } } }),
			...editSteps(flow),
			...(flow === 'REGULAR' ? exportSteps : []),
			...retouchSteps,
			...projectSteps(flow),
		],
		items: CARDS,
	},
	{
		what: `an item for each project (${flow})`,
		steps: [create('Anna', { flow }), upload({ parameters: { options: UNIQUE } }), ...projectSteps(flow)],
		items: CARDS,
	},
	{
		what: `an edit that fails (${flow})`,
		prepare: async ({ control }) => await control.addFaults({ kind: 'endsFailed', call: 'edit' }),
		steps: [
			create('Anna', { flow }),
			upload(),
			start({ flow }),
			wait({ options: { ifFailed: 'passOn' } }),
			start({ flow }),
			node('edit.getStatus'),
			...projectSteps(flow),
		],
		items: photos(...NAMES),
	},
	{
		what: `replacements (${flow})`,
		prepare: async (studio) => {
			const results = flow === 'REGULAR' ? 'exported' : 'edited';
			await studio.run([shoot('Anna', { flow, results, options: UNIQUE })], CARDS, AS_SAMPLE);
		},
		steps: [
			node('export.replacePhoto', {
				project: { __rl: true, mode: 'name', value: 'Anna' },
				options: { projectSource: flow },
			}),
		],
		items: ['A_1.jpg', 'A_1-2.jpg'].map((file_name) => photo('new.jpg', JPEG, { file_name })),
	},
	...['file', 'shoot'].map((shootOutput) => ({
		what: `a shoot with photos that fail, an item for each ${shootOutput} (${flow})`,
		prepare: async ({ control }: Studio) =>
			await control.addFaults({
				kind: 'status',
				call: 'put',
				fileName: 'A_2.NEF',
				status: 400,
				times: 'always',
			}),
		steps: [
			shoot('Anna', {
				flow,
				results: flow === 'REGULAR' ? 'both' : 'edited',
				options: { shootOutput, editWithoutFailed: true, ...UNIQUE },
			}),
		],
		items: [...CARDS, photo('A_4.NEF', Buffer.alloc(0))],
	})),
	{
		what: `a shoot with brackets, and what may follow it (${flow})`,
		steps: [
			shoot('Anna', {
				flow,
				results: flow === 'REGULAR' ? 'both' : 'edited',
				tools: { hdrMerge: true },
			}),
			...retouchSteps,
		],
		items: photos(...NAMES),
	},
	{
		what: `a shoot with brackets, an item for it (${flow})`,
		steps: [shoot('Anna', { flow, tools: { hdrMerge: true }, options: { shootOutput: 'shoot' } })],
		items: photos(...NAMES),
	},
	...TOOLS[flow].map((tools, index) => ({
		what: `a plan of a shoot with photos that fail, tools ${index} (${flow})`,
		steps: [
			preview('Anna', {
				flow,
				tools,
				options: { editWithoutFailed: true, pricePerPhoto: 0.05, photographyType: 'WEDDING', ...UNIQUE },
			}),
		],
		items: [...CARDS, { json: {} }, photo('A_4.NEF', Buffer.from('<html>'))],
	})),
	{
		what: `a plan of a shoot that is edited already (${flow})`,
		prepare: async (studio) => await studio.run([shoot('Anna', { flow })], photos(...NAMES), AS_SAMPLE),
		steps: [preview('Anna', { flow })],
		items: photos(...NAMES),
	},
	{
		what: `a plan of a shoot without a name (${flow})`,
		steps: [preview('', { flow })],
		items: photos(...NAMES),
	},
	{
		what: `a shoot whose results are not waited for (${flow})`,
		steps: [shoot('Anna', { flow, results: 'none' })],
		items: photos(...NAMES),
	},
];

const SAMPLES: Sample[] = [
	{
		what: 'the account',
		steps: [
			node('profile.getAll'),
			node('profile.get', { profile: byId(rawProfile) }),
			node('skyTemplate.getAll'),
		],
		items: [{ json: {} }],
	},
	...FLOWS.flatMap(samplesOf),
	{
		what: 'an export that fails',
		prepare: async ({ control }) => await control.addFaults({ kind: 'endsFailed', call: 'export' }),
		steps: [
			shoot('Anna'),
			exportStart(),
			exportWait({ options: { ifFailed: 'passOn' } }),
			exportStart(),
			node('export.getStatus'),
		],
		items: photos(...NAMES),
	},
];
