import type { Command, Execution, Happening, History, StartOrder } from './commands.mts';

/** A history in words, a line for each step. */
export function describeHistory({ weather, commands }: History): string[] {
	const settings = Object.entries(weather.settings).map(([name, value]) => `${name} ${value}`);
	return [
		...(settings.length > 0 ? [`Imagen: ${settings.join(', ')}`] : []),
		...commands.flatMap(describeCommand).map((line, index) => `${index + 1}. ${line}`),
	];
}

function describeCommand(command: Command): string {
	switch (command.kind) {
		case 'run':
			return describeExecution(command.execution);
		case 'runTwo':
			return `At the same time: ${command.executions.map(describeExecution).join(' || ')}`;
		case 'retry':
			return `The execution that failed is retried${meanwhile(command.happenings)}`;
		case 'restart':
			return 'n8n restarts';
		case 'pass':
			return `${command.minutes} minutes pass`;
		case 'stranger':
			return `Somebody else makes a project ${command.projectName} (${command.state})`;
	}
}

function describeExecution(execution: Execution): string {
	const { projectName, workflow, account, happenings } = execution;
	const where = [
		...(workflow === 1 ? [] : ['another workflow']),
		...(account === 1 ? [] : ['another account']),
		...(execution.byHand ? ['by hand'] : []),
		...(execution.retriesOnFail ? ['Retry On Fail'] : []),
		...(execution.continues ? ['continues on errors'] : []),
	];
	const settings = where.length > 0 ? ` [${where.join(', ')}]` : '';
	return `${projectName}: ${nodesOf(execution).join(' -> ')}${settings}${meanwhile(happenings)}`;
}

function nodesOf({ nodes, photos: { card, numbers } }: Execution): string[] {
	const photos = numbers.map((number) => `${card}${number}`).join(' ');
	const find = nodes.find.startsWith('create') ? `Create (${nodes.find.slice(8)})` : `project ${nodes.find}`;
	if (nodes.kind === 'shoot') {
		return [
			`Shoot (${nodes.find.slice(8)}, ${describeStart(nodes.start)}, results ${nodes.results}) ${photos}`,
		];
	}
	const { uploads, starts, waits, downloads, exports } = nodes;
	return [
		find,
		...(uploads ? [`Upload ${photos}`] : []),
		...starts.map((start) => `Start (${describeStart(start)})`),
		...(waits ? ['Wait'] : []),
		...(downloads ? ['Download'] : []),
		...(exports ? [`Export Start (${exports.ifAlreadyStarted})`] : []),
		...(exports?.waits ? ['Export Wait'] : []),
		...(exports?.downloads ? ['Export Download'] : []),
	];
}

function describeStart({ ifAlreadyStarted, profile, exports, resumes }: StartOrder): string {
	return [
		ifAlreadyStarted,
		...(profile === 196 ? [] : [`profile ${profile}`]),
		...(exports ? ['export when done'] : []),
		...(resumes ? ['resumes'] : []),
	].join(', ');
}

function meanwhile(happenings: Happening[]): string {
	return happenings.length > 0 ? `; ${happenings.map(describeHappening).join('; ')}` : '';
}

function describeHappening(happening: Happening): string {
	switch (happening.kind) {
		case 'fault': {
			const { kind, call, times = 1, status, done, word } = happening.rule;
			const details = [
				status,
				done === undefined ? undefined : done ? 'carried out' : 'not carried out',
				word,
			];
			const text = details.filter((detail) => detail !== undefined).join(', ');
			return `${call} meets ${kind}${text && ` (${text})`} ${times === 1 ? 'once' : times === 'always' ? 'always' : `${times} times`}`;
		}
		case 'stop':
			return `the user stops it at request ${happening.atRequest}`;
		case 'kill':
			return `n8n is killed at request ${happening.atRequest}, which ${happening.arrives ? 'arrives' : 'does not arrive'}`;
		case 'stranger':
			return `at request ${happening.atRequest} somebody else makes the project (${happening.state})`;
	}
}
