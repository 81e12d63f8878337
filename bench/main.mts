import { parseArgs } from 'node:util';
import { exitAtSignals } from '../test/support/terminal.mts';
import { isSection, sections, type Section } from './throughput/rows.mts';

interface Part {
	measures: string;
	run(options: Options): Promise<void>;
}

/** What was asked for on the command line. */
interface Options {
	part?: string;
	/** Of throughput: only these. */
	section?: Section[];
	/** Of throughput: measure nothing, write the report again from saved figures. */
	report: boolean;
}

/** The part's module is loaded when it runs: the list of parts is there at once. */
const parts: Record<string, Part> = {
	throughput: {
		measures: `speed and memory against other ways to move photos (--section ${sections.join(' | ')}; --report)`,
		async run({ section, report }) {
			const { measureThroughput, reportThroughput } = await import('./throughput/throughput.mts');
			await (report ? reportThroughput() : measureThroughput(section ?? sections));
		},
	},
	waiting: {
		measures: 'a thousand paused edits: what they hold, and how fast they resume',
		run: async () => await (await import('./waiting/waiting.mts')).measureWaiting(),
	},
	'scale-out': {
		measures: '20 shoots at once, in one process and in n8n’s queue',
		run: async () => await (await import('./scaleOut/scaleOut.mts')).measureScaleOut(),
	},
	'start-up': {
		measures: 'what the package adds to n8n’s start',
		run: async () => await (await import('./startUp/startUp.mts')).measureStartUp(),
	},
	'large-file': {
		measures: 'n8n’s memory while a photo of 300 MiB goes through',
		run: async () => await (await import('./largeFile/largeFile.mts')).measureLargeFile(),
	},
	'large-shoots': {
		measures: 'n8n’s disk and memory while a thousand photos go through, at once and in batches',
		run: async () => await (await import('./largeShoots/largeShoots.mts')).measureLargeShoots(),
	},
};

exitAtSignals();

const options = parseOptions();
const wanted = options.part === undefined ? Object.keys(parts) : [options.part];
if (options.part === undefined)
	console.log(`${partList()}\n\nNo --part: all of them run, one after another.\n`);
for (const name of wanted) await parts[name].run(options);

function parseOptions(): Options {
	try {
		const { values } = parseArgs({
			options: {
				part: { type: 'string' },
				section: { type: 'string', multiple: true },
				report: { type: 'boolean', default: false },
			},
		});
		const { part, section, report } = values;
		if (part !== undefined && !Object.hasOwn(parts, part)) throw new Error(`There is no part ${part}.`);
		if (part !== 'throughput' && (section ?? report))
			throw new Error('Only throughput has --section and --report.');
		if (!section) return { part, report };
		if (report) throw new Error('--report measures nothing: it takes no --section.');
		const unknown = section.find((name) => !isSection(name));
		if (unknown !== undefined) throw new Error(`There is no section ${unknown}.`);
		return { part, report, section: section.filter(isSection) };
	} catch (error) {
		console.error(`${(error as Error).message}\n\n${partList()}`);
		process.exit(2);
	}
}

function partList(): string {
	const lines = Object.entries(parts).map(([name, { measures }]) => `  ${name.padEnd(14)}${measures}`);
	return ['npm run bench -- --part <name>', ...lines].join('\n');
}
