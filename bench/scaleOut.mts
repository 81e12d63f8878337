import { printStep } from '../test/support/step.mts';
import { onThisMachine } from './machine.mts';
import { writeReport } from './scaleOut/report.mts';
import { openShooter, type Load, type Round } from './scaleOut/shoots.mts';
import { openSite, type DatabaseUse, type SiteOptions } from './scaleOut/site.mts';
import { exitAtSignals } from '../test/support/terminal.mts';

exitAtSignals();

const warmUp: Load = { shoots: 2, photos: 10, photoBytes: 2e6, job: 'export' };
const load: Load = {
	shoots: 20,
	/** PHOTOS=4 is enough to try it out. */
	photos: Number(process.env.PHOTOS ?? 50),
	photoBytes: 2e6,
	job: 'edit',
};
/** Raw photos of a present camera, for what a photo costs by its size. */
const largeLoad: Load = { ...load, shoots: 4, photos: load.photos / 2, photoBytes: 25e6 };
const rounds = 3;

const sites: SiteOptions[] = [
	{ name: 'One process', workers: 0, binaries: 'filesystem' },
	{ name: 'Main and two workers, shared folder', workers: 2, binaries: 'filesystem' },
	{ name: 'Main and two workers, database', workers: 2, binaries: 'database' },
];

/** What was measured in one place. */
export interface SiteFigures extends SiteOptions {
	rounds: Round[];
	/** The first shoots, with an export. */
	warmUp: Round;
	/** With large photos, where binary data are files. */
	largeRounds: Round[];
	database: DatabaseUse;
}

export interface Figures {
	warmUp: Load;
	load: Load;
	largeLoad: Load;
	sites: SiteFigures[];
}

const [figures, machine] = await onThisMachine(async (): Promise<Figures> => {
	const measured: SiteFigures[] = [];
	for (const site of sites) measured.push(await measureSite(site));
	return { warmUp, load, largeLoad, sites: measured };
});
await writeReport(figures, machine);

async function measureSite(options: SiteOptions): Promise<SiteFigures> {
	const { name, binaries } = options;
	console.log(name);
	const site = await openSite(options);
	try {
		const shoot = await openShooter(site);
		const run = async (title: string, some: Load) =>
			await printStep(
				`${title}: ${some.shoots} shoots of ${some.photos} photos of ${some.photoBytes / 1e6} MB`,
				() => shoot(some),
			);
		const warm = await run('Warm-up', warmUp);
		const before = await site.databaseUse();
		const figures: SiteFigures = { ...options, warmUp: warm, rounds: [], largeRounds: [], database: before };
		while (figures.rounds.length < rounds)
			figures.rounds.push(await run(`Round ${figures.rounds.length + 1}`, load));
		figures.database = difference(await site.databaseUse(), before);
		if (binaries === 'filesystem') figures.largeRounds.push(await run('Large photos', largeLoad));
		return figures;
	} finally {
		await site.close();
	}
}

function difference(after: DatabaseUse, before: DatabaseUse): DatabaseUse {
	return {
		executions: after.executions - before.executions,
		rows: after.rows - before.rows,
		itemBytes: after.itemBytes - before.itemBytes,
		binaryBytes: after.binaryBytes - before.binaryBytes,
	};
}
