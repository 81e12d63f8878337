import type {
	Command,
	Execution,
	Happening,
	History,
	NodesInARow,
	ShootNode,
	StartOrder,
} from './commands.mts';

/** The histories that are a little simpler than this one, those that leave out most first. */
export function simplerHistories({ weather, commands }: History): History[] {
	return [
		...without(commands).map((fewer) => ({ weather, commands: fewer })),
		...without(Object.entries(weather.settings)).map((fewer) => ({
			weather: { settings: Object.fromEntries(fewer) },
			commands,
		})),
		...changed(commands, simplerCommands).map((simpler) => ({ weather, commands: simpler })),
	];
}

function simplerCommands(command: Command): Command[] {
	switch (command.kind) {
		case 'run':
			return simplerExecutions(command.execution).map((execution) => ({ kind: 'run', execution }));
		case 'runTwo': {
			const [first, second] = command.executions;
			return [
				...command.executions.map((execution): Command => ({ kind: 'run', execution })),
				...simplerExecutions(first).map((one): Command => ({ kind: 'runTwo', executions: [one, second] })),
				...simplerExecutions(second).map((one): Command => ({ kind: 'runTwo', executions: [first, one] })),
			];
		}
		case 'retry':
			return simplerHappenings(command.happenings).map((happenings) => ({ kind: 'retry', happenings }));
		case 'stranger':
			return having<Command>(command, { state: 'empty' });
		case 'pass':
		case 'restart':
			return [];
	}
}

function simplerExecutions(execution: Execution): Execution[] {
	const { nodes, photos, happenings } = execution;
	const simplerNodes = nodes.kind === 'row' ? simplerRows(nodes) : simplerShoots(nodes);
	return [
		...simplerHappenings(happenings).map((fewer) => ({ ...execution, happenings: fewer })),
		...simplerNodes.map((simpler) => ({ ...execution, nodes: simpler })),
		...without(photos.numbers)
			.filter((numbers) => numbers.length > 0)
			.map((numbers) => ({ ...execution, photos: { ...photos, numbers } })),
		...having(execution, { retriesOnFail: false }),
		...having(execution, { continues: false }),
		...having(execution, { byHand: false }),
		...having(execution, { workflow: 1 }),
		...having(execution, { account: 1 }),
		...having(execution, { projectName: 'Anna' }),
		...having(photos, { card: 'A' }).map((simpler) => ({ ...execution, photos: simpler })),
	];
}

function simplerRows(row: NodesInARow): NodesInARow[] {
	const { starts, exports } = row;
	return [
		...having(row, { exports: null }),
		...having(row, { downloads: false }),
		...having(row, { waits: false }),
		...without(starts).map((fewer) => ({ ...row, starts: fewer })),
		...having(row, { uploads: false }),
		...changed(starts, simplerStarts).map((simpler) => ({ ...row, starts: simpler })),
		...(exports
			? [
					...having(exports, { waits: false }),
					...having(exports, { downloads: false }),
					...having(exports, { ifAlreadyStarted: 'skip' }),
				].map((simpler) => ({ ...row, exports: simpler }))
			: []),
		...having(row, { find: 'create, fail' }),
	];
}

function simplerShoots(shoot: ShootNode): ShootNode[] {
	return [
		...simplerStarts(shoot.start).map((start) => ({ ...shoot, start })),
		...having(shoot, { results: 'none' }),
		...(shoot.results === 'none' ? [] : having(shoot, { results: 'edited' })),
		...having(shoot, { find: 'create, fail' }),
	];
}

function simplerStarts(start: StartOrder): StartOrder[] {
	return [
		...having(start, { exports: false }),
		...having(start, { resumes: false }),
		...having(start, { profile: 196 }),
		...having(start, { ifAlreadyStarted: 'skip' }),
	];
}

function simplerHappenings(happenings: Happening[]): Happening[][] {
	return [...without(happenings), ...changed(happenings, simplerHappening)];
}

function simplerHappening(happening: Happening): Happening[] {
	switch (happening.kind) {
		case 'fault':
			return having(happening.rule, { times: 1 }).map((rule) => ({ kind: 'fault', rule }));
		case 'kill':
		case 'stop':
		case 'stranger':
			return [];
	}
}

/** The lists that lack one entry, the last one first. */
function without<T>(list: T[]): T[][] {
	return list.map((_, index) => list.filter((_one, other) => other !== list.length - 1 - index));
}

/** The lists in which one entry is simpler. */
function changed<T>(list: T[], simpler: (entry: T) => T[]): T[][] {
	return list.flatMap((entry, index) => simpler(entry).map((one) => list.with(index, one)));
}

/** The object with these values in place of its own; nothing where they are its own. */
function having<T extends object>(whole: T, values: Partial<T>): T[] {
	const isOther = Object.entries(values).some(([key, value]) => whole[key as keyof T] !== value);
	return isOther ? [{ ...whole, ...values }] : [];
}
