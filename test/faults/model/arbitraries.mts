import fc from 'fast-check';
import type { CallName } from '../../../sandbox/calls.mts';
import type { FaultRule, Settings } from '../../../sandbox/sandboxControl.mts';
import type {
	Command,
	Execution,
	FindProject,
	Happening,
	History,
	IfAlreadyStarted,
	IfNameExists,
	NodesInARow,
	ProfileKey,
	ShootNode,
	StartOrder,
	StrangerState,
	Weather,
} from './commands.mts';

const ifNameExists = byWeight<IfNameExists>([3, 'useExisting'], [2, 'fail'], [1, 'addTimestamp']);
const ifAlreadyStarted = byWeight<IfAlreadyStarted>([5, 'skip'], [2, 'fail'], [3, 'startAgain']);
const half = fc.boolean();
const often = byWeight([3, true], [1, false]);
const rarely = byWeight([7, false], [1, true]);

const start = record<StartOrder>({
	ifAlreadyStarted,
	profile: byWeight<ProfileKey>([7, 196], [1, 254]),
	exports: rarely,
	resumes: rarely,
});

const row = record<NodesInARow>({
	kind: fc.constant('row'),
	find: weighted<FindProject>(
		[5, ifNameExists.map((choice): FindProject => `create, ${choice}`)],
		[3, fc.constantFrom('by id', 'by name')],
	),
	uploads: often,
	starts: weighted(
		[1, fc.constant([])],
		[5, fc.array(start, { minLength: 1, maxLength: 1 })],
		[2, fc.array(start, { minLength: 2, maxLength: 2 })],
	),
	waits: half,
	downloads: often,
	exports: weighted(
		[2, fc.constant(null)],
		[1, record<NonNullable<NodesInARow['exports']>>({ ifAlreadyStarted, waits: half, downloads: often })],
	),
});

const shoot = record<ShootNode>({
	kind: fc.constant('shoot'),
	find: ifNameExists.map((choice): ShootNode['find'] => `create, ${choice}`),
	start: start.map((order) => ({ ...order, exports: false, resumes: false })),
	results: byWeight<ShootNode['results']>([5, 'edited'], [2, 'none'], [1, 'exported'], [1, 'both']),
});

/** The calls that nodes make, those that cost money more than once. */
function callsOf(nodes: Execution['nodes']): CallName[] {
	const isShoot = nodes.kind === 'shoot';
	const starts = isShoot || nodes.starts.length > 0;
	const downloads = isShoot ? nodes.results !== 'none' : nodes.downloads;
	const exports = isShoot ? /both|exported/.test(nodes.results) : nodes.exports !== null;
	const creates: CallName[] = ['create', 'create', 'create', 'projectUuid', 'project'];
	return [
		...(nodes.find.startsWith('create') ? creates : []),
		...(nodes.find === 'by name' ? (['projectUuid'] as CallName[]) : []),
		...(isShoot || nodes.uploads ? (['uploadLinks', 'put'] as CallName[]) : []),
		...(starts ? (['edit', 'edit', 'edit', 'profiles', 'editStatus'] as CallName[]) : []),
		...(nodes.kind === 'row' && nodes.waits ? (['editStatus'] as CallName[]) : []),
		...(downloads ? (['editStatus', 'editLinks', 'get'] as CallName[]) : []),
		...(exports ? (['export', 'export', 'exportStatus', 'exportLinks', 'get'] as CallName[]) : []),
	];
}

/** Answers that say little, of calls that were carried out or not; and refusals. */
const badAnswers: Array<Omit<FaultRule, 'call'>> = [
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 500, done: true },
	{ kind: 'resetBefore' },
	{ kind: 'resetAfter' },
	// They end in a reset: for silence the nodes would have to wait in earnest.
	{ kind: 'hang', seconds: 0.02 },
	{ kind: 'hang', done: false, seconds: 0.02 },
	{ kind: 'status', status: 400 },
	{ kind: 'status', status: 429 },
];

/** What else Imagen may answer to a call. */
const oddAnswers: FaultRule[] = [
	{ kind: 'html', call: 'create' },
	{ kind: 'html', call: 'edit' },
	{ kind: 'html', call: 'editStatus' },
	{ kind: 'truncatedDownload', call: 'get' },
	{ kind: 'endsFailed', call: 'edit' },
	{ kind: 'endsFailed', call: 'export' },
	{ kind: 'emptyList', call: 'editLinks', times: 2 },
	{ kind: 'emptyList', call: 'exportLinks', times: 2 },
	{ kind: 'unknownStatus', call: 'editStatus', word: 'Reticulating' },
	{ kind: 'expiredLinks', call: 'editLinks' },
	{ kind: 'expiredLinks', call: 'uploadLinks' },
];

const callbackFaults: FaultRule[] = (
	['callbackLost', 'callbackDoubled', 'callbackEarly', 'callbackLate', 'callbackForged'] as const
).map((kind) => ({ kind, call: 'callback' }));

/** The faults that calls of these nodes can meet, by weight. */
function faultsFor(nodes: Execution['nodes']): Array<[weight: number, fault: fc.Arbitrary<Happening>]> {
	const calls = callsOf(nodes);
	const odd = oddAnswers.filter(({ call }) => calls.includes(call));
	const resumes = nodes.kind === 'row' && nodes.waits && nodes.starts.some((one) => one.resumes);
	const bad = (): fc.Arbitrary<FaultRule> =>
		fc
			.tuple(fc.constantFrom(...badAnswers), fc.constantFrom(...calls), times)
			.map(([rule, call, howOften]) => ({ ...rule, call, times: howOften }));
	const choices: Array<[number, fc.Arbitrary<FaultRule>]> = [
		...(calls.length > 0 ? [[5, bad()] as [number, fc.Arbitrary<FaultRule>]] : []),
		...(odd.length > 0 ? [[2, fc.constantFrom(...odd)] as [number, fc.Arbitrary<FaultRule>]] : []),
		...(resumes ? [[5, fc.constantFrom(...callbackFaults)] as [number, fc.Arbitrary<FaultRule>]] : []),
	];
	return choices.map(([weight, rules]) => [weight, rules.map((rule) => ({ kind: 'fault', rule }))]);
}

const times = byWeight<FaultRule['times']>([5, 1], [2, 2], [1, 4], [1, 'always']);
const strangerState = fc.constantFrom<StrangerState>('empty', 'uploaded', 'editing', 'edited');
const atRequest = fc.integer({ min: 1, max: 12 });
const eventAtRequest = weighted<Happening>(
	[2, fc.record({ kind: fc.constant('kill' as const), atRequest, arrives: half })],
	[1, fc.record({ kind: fc.constant('stop' as const), atRequest })],
	[2, fc.record({ kind: fc.constant('stranger' as const), atRequest, state: strangerState })],
);

/** What happens while these nodes run: often nothing. */
const happeningsWith = (nodes: Execution['nodes']): fc.Arbitrary<Happening[]> =>
	weighted(
		[4, fc.constant([])],
		[
			3,
			fc.array(weighted<Happening>(...faultsFor(nodes), [3, eventAtRequest]), {
				minLength: 1,
				maxLength: 2,
			}),
		],
	);

const projectName = byWeight<'Anna' | 'Ben'>([8, 'Anna'], [1, 'Ben']);

const execution = weighted<Execution['nodes']>([5, row], [2, shoot]).chain((nodes) =>
	record<Execution>({
		nodes: fc.constant(nodes),
		projectName,
		photos: fc.record({
			card: byWeight<'A' | 'B'>([5, 'A'], [1, 'B']),
			numbers: fc.subarray([1, 2, 3], { minLength: 1 }),
		}),
		workflow: byWeight<1 | 2>([4, 1], [1, 2]),
		account: byWeight<1 | 2>([15, 1], [1, 2]),
		retriesOnFail: byWeight([2, false], [1, true]),
		continues: rarely,
		byHand: rarely,
		happenings: happeningsWith(nodes),
	}),
);

const anyShoot: Execution['nodes'] = {
	kind: 'shoot',
	find: 'create, fail',
	start: { ifAlreadyStarted: 'skip', profile: 196, exports: false, resumes: false },
	results: 'both',
};

const command = weighted<Command>(
	[9, fc.record({ kind: fc.constant('run' as const), execution })],
	[3, fc.record({ kind: fc.constant('retry' as const), happenings: happeningsWith(anyShoot) })],
	[2, fc.record({ kind: fc.constant('runTwo' as const), executions: fc.tuple(execution, execution) })],
	[2, fc.constant({ kind: 'restart' })],
	[1, fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(2, 15, 200) })],
	[1, fc.record({ kind: fc.constant('stranger' as const), projectName, state: strangerState })],
);

/** The ways in which Imagen may be unhelpful. */
const unhelpfulness: { [Name in keyof Settings]?: Array<Settings[Name]> } = {
	editSeconds: [60, 900],
	exportSeconds: [60, 900],
	linkSeconds: [20],
	callbackDelaySeconds: [100],
	statusLagSeconds: [20, 50, 500],
	countLagSeconds: [60, 900],
	statusBeforeStart: ['Created', '404', '', 'Queued'],
	exportStatusBeforeStart: ['Pending', '404', ''],
	runningWord: ['Processing', 'IN_PROGRESS', 'Retouching'],
	completedWord: ['COMPLETED', 'Edited'],
	failedWord: ['Failed with errors', 'Rejected'],
	fillSeconds: [20, 150],
	linksPerPage: [1, 2],
	missingResults: [1],
	expiredLinkStatus: [400],
	largestLinksRequest: [1, 2],
	numbersAsText: [true],
};

/** Time that passes unseen is what memories are for. */
const weightOf = (name: string) => (name === 'statusLagSeconds' ? 4 : name === 'editSeconds' ? 2 : 1);

const setting = weighted<[name: string, value: unknown]>(
	...Object.entries(unhelpfulness).map(([name, values]): [number, fc.Arbitrary<[string, unknown]>] => [
		weightOf(name),
		fc.constantFrom(...values).map((value): [string, unknown] => [name, value]),
	]),
);

const weather = weighted<Weather>(
	[1, fc.constant({ settings: {} })],
	[
		2,
		fc
			.array(setting, { minLength: 1, maxLength: 3 })
			.map((entries) => ({ settings: Object.fromEntries(entries) })),
	],
);

/** Every history that can come about. */
export const history = record<History>({
	weather,
	commands: fc.array(command, { minLength: 1, maxLength: 5, size: 'max' }),
});

function byWeight<T>(...choices: Array<[weight: number, value: T]>): fc.Arbitrary<T> {
	return weighted(
		...choices.map(([weight, value]): [number, fc.Arbitrary<T>] => [weight, fc.constant(value)]),
	);
}

function weighted<T>(...choices: Array<[weight: number, arbitrary: fc.Arbitrary<T>]>): fc.Arbitrary<T> {
	return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** A record with all of its keys. */
function record<T extends object>(arbitraries: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> {
	return fc.record(arbitraries) as fc.Arbitrary<T>;
}
