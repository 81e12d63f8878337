import { quantile } from '../shared/statistics.mts';
import { pollTimesUntil } from '../waiting/pollTimes.mts';
import type { ScaleOutFigures } from './scaleOut.mts';
import type { Load, Round } from './shootLoad.mts';

/** Assumptions about a studio's month. */
const month = {
	photos: 1e6,
	shoots: 2000,
	rawMegabytes: 25,
	jpegMegabytes: 5.5,
	hours: 30 * 24,
	workingHours: 22 * 8,
	/** The busiest hour over the mean working hour. */
	peak: 3,
	/** From the start of an edit to the end of its export at Imagen. */
	editMinutes: 30,
	exportMinutes: 10,
	/** The share of a core that is planned for, to leave room for peaks. */
	use: 0.7,
	executionsPerWorker: 10,
	/** n8n's default, EXECUTIONS_DATA_MAX_AGE and EXECUTIONS_DATA_HARD_DELETE_BUFFER. */
	keptHours: 336 + 1,
};

/** What the model takes from the measured figures. */
interface Measured {
	/** Processor time of all of n8n's processes for one photo, in seconds, by its megabytes. */
	cpuSeconds: (megabytes: number) => number;
	/** API calls for a shoot with export, without the reads of its states. */
	callsPerShoot: number;
	/** Reads of the state of an edit that is paused. */
	pausedReads: number;
	rowsPerExecution: number;
	itemBytesPerPhoto: number;
}

/** The model as rows of a table: quantity, value, and formula. */
export function studioMonth(figures: ScaleOutFigures): Array<[what: string, value: string, formula: string]> {
	const { cpuSeconds, callsPerShoot, pausedReads, rowsPerExecution, itemBytesPerPhoto } = measuredIn(figures);
	const { photos, shoots, rawMegabytes: raw, jpegMegabytes: jpeg } = month;
	const perSecond = { mean: photos / month.hours / 3600, working: photos / month.workingHours / 3600 };
	const peak = perSecond.working * month.peak;
	const both = raw + jpeg;
	const megabits = (rate: number) => rate * both * 8;
	const cpu = cpuSeconds(raw) + cpuSeconds(jpeg);
	const workers = (peak * cpu) / month.use;
	const atImagenHours = (month.editMinutes + month.exportMinutes) / 60;
	const shootsInPeakHour = (shoots / month.workingHours) * month.peak;
	const waiting = shootsInPeakHour * atImagenHours;
	const [editReads, exportReads] = [month.editMinutes, month.exportMinutes].map(readsByPoll);
	const kept = (hours: number) => ((photos / month.hours) * hours * both) / 1e6;
	const day = ((photos / 22) * both) / 1e6;
	const n = (value: number, digits = 0) =>
		value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

	return [
		[
			'Photos a second',
			`${n(perSecond.mean, 2)} over the month, ${n(perSecond.working, 1)} in working hours, ${n(peak, 1)} in the busiest hour`,
			`${n(photos)} / ${month.hours} h; / ${month.workingHours} h (22 days of 8 h); × ${month.peak}`,
		],
		[
			'Bandwidth, each way',
			`${n(megabits(perSecond.mean))} Mbit/s mean, ${n(megabits(peak))} Mbit/s in the busiest hour`,
			`photos a second × (${raw} + ${jpeg}) MB × 8: RAW in from where it lies and out to Imagen, JPEG in from Imagen and out to the client`,
		],
		[
			'Moved in a month, each way',
			`${n((photos * both) / 1e6, 1)} TB`,
			`${n(photos)} × (${raw} + ${jpeg}) MB`,
		],
		[
			'Processor time for a photo',
			`${n(cpu * 1000)} ms`,
			`measured: ${n(cpuSeconds(raw) * 1000)} ms for ${raw} MB and ${n(cpuSeconds(jpeg) * 1000)} ms for ${jpeg} MB, on the line through the two measured sizes`,
		],
		[
			'Workers, a core each',
			n(Math.ceil(workers)),
			`${n(peak, 1)} photos/s × ${n(cpu * 1000)} ms / ${month.use}, rounded up`,
		],
		[
			'Executions at Imagen at once, in the busiest hour',
			n(Math.ceil(waiting)),
			`${n(shootsInPeakHour)} shoots/h × ${n(atImagenHours, 2)} h. Paused, they hold no worker; in Shoot or in a Wait by poll each takes one of the ${month.executionsPerWorker} places that a worker has by default`,
		],
		[
			'API calls, edits paused',
			n(shoots * (callsPerShoot + pausedReads + exportReads)),
			`${n(shoots)} × (${n(callsPerShoot)} + ${n(pausedReads)} reads of the state of the edit, both measured, + ${exportReads} of an export of ${month.exportMinutes} minutes by poll)`,
		],
		[
			'API calls, edits by poll',
			n(shoots * (callsPerShoot + editReads + exportReads)),
			`${n(shoots)} × (${n(callsPerShoot)} + ${editReads} reads of an edit of ${month.editMinutes} minutes + ${exportReads})`,
		],
		['Requests to storage', n(photos * 2), 'a PUT and a GET for each photo'],
		[
			"Storage for binary data, by n8n's default",
			`${n(kept(month.keptHours), 1)} TB`,
			`${n(photos)} / ${month.hours} h × ${month.keptHours} h until pruned × (${raw} + ${jpeg}) MB`,
		],
		[
			'the same, kept for a day (EXECUTIONS_DATA_MAX_AGE=24)',
			`${n(day * (25 / 24), 1)} TB`,
			`a working day's ${n(photos / 22)} photos × (${raw} + ${jpeg}) MB × 25 h / 24 h`,
		],
		[
			'the same, successful executions not kept (EXECUTIONS_DATA_SAVE_ON_SUCCESS=none)',
			`${n((waiting * (photos / shoots) * both) / 1e6, 2)} TB`,
			`${n(Math.ceil(waiting))} shoots at Imagen × ${n(photos / shoots)} × (${raw} + ${jpeg}) MB`,
		],
		[
			'Rows in the database',
			`${n(shoots * rowsPerExecution)} a month`,
			`${n(shoots)} executions × ${n(rowsPerExecution, 1)} rows, measured`,
		],
		[
			'Items in the database',
			`${n((photos * itemBytesPerPhoto) / 1e9, 1)} GB a month, ${n((photos * itemBytesPerPhoto * month.keptHours) / month.hours / 1e9, 1)} GB by n8n's default`,
			`${n(photos)} × ${n(itemBytesPerPhoto)} bytes, measured; × ${month.keptHours} h / ${month.hours} h`,
		],
	];
}

function measuredIn({ load, largeLoad, warmUp, deployments }: ScaleOutFigures): Measured {
	const deployment = deployments.find(({ workers, largeRounds }) => workers > 0 && largeRounds.length > 0)!;
	const small = { megabytes: load.photoBytes / 1e6, seconds: cpuSecondsPerPhoto(deployment.rounds, load) };
	const large = {
		megabytes: largeLoad.photoBytes / 1e6,
		seconds: cpuSecondsPerPhoto(deployment.largeRounds, largeLoad),
	};
	const slope = (large.seconds - small.seconds) / (large.megabytes - small.megabytes);
	const { database } = deployment;
	const { put, get, callback, editStatus, exportStatus, ...calls } = deployment.warmUp.requests;
	const allCalls = Object.values(calls).reduce((sum, count) => sum + count, 0);
	return {
		cpuSeconds: (megabytes) => small.seconds + slope * (megabytes - small.megabytes),
		callsPerShoot: allCalls / warmUp.shoots,
		pausedReads: editStatus / warmUp.shoots,
		rowsPerExecution: database.rows / database.executions,
		itemBytesPerPhoto: database.itemBytes / (database.executions * load.photos),
	};
}

/** Median over the rounds, of all of n8n's processes together. */
export function cpuSecondsPerPhoto(rounds: Round[], { shoots, photos }: Load): number {
	const sums = rounds.map(({ usage }) =>
		Object.values(usage).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
	);
	return quantile(sums, 0.5) / (shoots * photos);
}

/** Reads of the state of a job of this length: one by Start, then those of Wait, the last of which finds the end. */
function readsByPoll(minutes: number): number {
	return 1 + pollTimesUntil(minutes * 60).length + 1;
}
