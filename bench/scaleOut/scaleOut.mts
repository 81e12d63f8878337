import { printStep } from '../../test/support/step.mts';
import { withMachine } from '../shared/machine.mts';
import { writeScaleOutReport } from './scaleOutReport.mts';
import { openLoadRunner, type Load, type Round } from './shootLoad.mts';
import { openDeployment, type DatabaseUse, type DeploymentOptions } from './deployment.mts';

const warmUp: Load = { shoots: 2, photos: 10, photoBytes: 2e6, job: 'export' };
const load: Load = {
	shoots: 20,
	/** PHOTOS=4 is enough to try it out. */
	photos: Number(process.env.PHOTOS ?? 50),
	photoBytes: 2e6,
	job: 'edit',
};
/** RAW photos of a current camera, to see what a photo costs by its size. */
const largeLoad: Load = { ...load, shoots: 4, photos: load.photos / 2, photoBytes: 25e6 };
const rounds = 3;

const deployments: DeploymentOptions[] = [
	{ name: 'One process', workers: 0, binaries: 'filesystem' },
	{ name: 'Main and two workers, shared folder', workers: 2, binaries: 'filesystem' },
	{ name: 'Main and two workers, database', workers: 2, binaries: 'database' },
];

/** What was measured in one deployment. */
export interface DeploymentFigures extends DeploymentOptions {
	rounds: Round[];
	/** The first shoots, with an export. */
	warmUp: Round;
	/** With large photos; measured only where binary data are files. */
	largeRounds: Round[];
	database: DatabaseUse;
}

export interface ScaleOutFigures {
	warmUp: Load;
	load: Load;
	largeLoad: Load;
	deployments: DeploymentFigures[];
}

/** Measures shoots at once in each deployment, and writes `bench/scale-out.md`. */
export async function measureScaleOut(): Promise<void> {
	const [figures, machine] = await withMachine(async (): Promise<ScaleOutFigures> => {
		const measured: DeploymentFigures[] = [];
		for (const deployment of deployments) measured.push(await measureDeployment(deployment));
		return { warmUp, load, largeLoad, deployments: measured };
	});
	await writeScaleOutReport(figures, machine);
}

async function measureDeployment(options: DeploymentOptions): Promise<DeploymentFigures> {
	const { name, binaries } = options;
	console.log(name);
	const deployment = await openDeployment(options);
	try {
		const runLoad = await openLoadRunner(deployment);
		const run = async (title: string, some: Load) =>
			await printStep(
				`${title}: ${some.shoots} shoots of ${some.photos} photos of ${some.photoBytes / 1e6} MB`,
				() => runLoad(some),
			);
		const warm = await run('Warm-up', warmUp);
		const before = await deployment.databaseUse();
		const figures: DeploymentFigures = {
			...options,
			warmUp: warm,
			rounds: [],
			largeRounds: [],
			database: before,
		};
		while (figures.rounds.length < rounds)
			figures.rounds.push(await run(`Round ${figures.rounds.length + 1}`, load));
		figures.database = difference(await deployment.databaseUse(), before);
		if (binaries === 'filesystem') figures.largeRounds.push(await run('Large photos', largeLoad));
		return figures;
	} finally {
		await deployment.close();
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
