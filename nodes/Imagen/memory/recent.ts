import type { IExecuteFunctions } from 'n8n-workflow';

/** What all executions know of a project. */
export interface RecentRecord {
	/** When it was saved last, as `Date.now()` gives it. */
	at: number;
	/** The workflow whose static data it is kept in as well. */
	workflow?: string;
	/** The photos that were uploaded, by name. */
	uploads?: Array<{ photos: object; unclear?: object }>;
	/** Whether there were more photos than are remembered. */
	areUploadsDropped?: boolean;
}

const RECORDS_KEPT = 500;
const KEPT_MS = 86_400_000;

/** Of how many photos the names are remembered, in all records together: n8n reads the static data with each run. */
const PHOTOS_KEPT = 10_000;

const inProcess = new Map<string, RecentRecord>();

/**
 * What the executions of this process know of a project, with what the workflow's static data held of it when this run began: that
 * of executions in other workers, and from before a restart. n8n reads static data when a run begins and writes it as a whole
 * when the run ends, but not after a run by hand.
 *
 * @param merged puts together what both know, of which the second was saved last
 * @returns the record itself, the same for all who ask; undefined where nothing was saved within the last day
 */
export function recentRecord<T extends RecentRecord>(
	context: IExecuteFunctions,
	key: string,
	merged: (older: T, newer: T) => T,
): T | undefined {
	const stored = unreadRecord<T>(context, key);
	const known = inProcess.get(key) as T | undefined;
	if (stored && known)
		inProcess.set(key, stored.at > known.at ? merged(known, stored) : merged(stored, known));
	else if (stored) inProcess.set(key, stored);
	return recentRecordInProcess<T>(key);
}

/** The same, for who has no execution, such as a trigger: what this process knows. */
export function recentRecordInProcess<T extends RecentRecord>(key: string): T | undefined {
	const record = inProcess.get(key);
	return record && !hasExpired(record) ? (record as T) : undefined;
}

/** The same, of all projects, by their keys. */
export function recentRecords<T extends RecentRecord>(
	context: IExecuteFunctions,
	merged: (older: T, newer: T) => T,
): Array<[string, T]> {
	const keys = new Set([...inProcess.keys(), ...Object.keys(storedIn(context).records)]);
	return [...keys].flatMap((key) => {
		const record = recentRecord<T>(context, key, merged);
		return record ? [[key, record]] : [];
	});
}

/** Saves what is known of a project, and drops what is too old or too much. */
export function saveRecentRecord<T extends RecentRecord>(
	context: IExecuteFunctions,
	key: string,
	record: T,
): void {
	const workflow = context.getWorkflow().id ?? '';
	inProcess.set(key, Object.assign(record, { at: Date.now(), workflow }));
	const kept = newestOf([...inProcess]);
	for (const other of inProcess.keys()) if (!kept.has(other)) inProcess.delete(other);

	const { records, unread } = storedIn(context);
	// What this run has not read yet may be newer than what the process knows.
	const ofWorkflow = [...kept].filter(([other, { workflow: its }]) => its === workflow && !unread.has(other));
	const stored = newestOf(Object.entries({ ...records, ...Object.fromEntries(ofWorkflow) }));
	context.getWorkflowStaticData('global').imagenProjects = copyOf(Object.fromEntries(stored));
}

/** Whether the workflow's static data held a record as it is now when this run began: the execution that saved it has ended, or pauses. */
export function wasStored(context: IExecuteFunctions, key: string, { at }: RecentRecord): boolean {
	return storedIn(context).savedAt.get(key) === at;
}

const underWay = new Map<string, number>();

/** Counts uploads that are under way in this process, by project. @param change by how many; none to look */
export function uploadsUnderWay(projectUuid: string, change = 0): number {
	const number = (underWay.get(projectUuid) ?? 0) + change;
	if (number > 0) underWay.set(projectUuid, number);
	else underWay.delete(projectUuid);
	return number;
}

/** Forgets all that this process knows, as a restart of n8n does: for tests. */
export function forgetRecentRecords(): void {
	inProcess.clear();
	underWay.clear();
}

/** Of the static data of a run: when each of its records was saved, and those that the process has not been told of yet. */
const storedAtStart = new WeakMap<object, { savedAt: Map<string, number>; unread: Set<string> }>();

/** The records that the static data of this run holds now, and what is known of them from its beginning. */
function storedIn(context: IExecuteFunctions) {
	const staticData = context.getWorkflowStaticData('global');
	const records = (staticData.imagenProjects ?? {}) as Record<string, RecentRecord>;
	let atStart = storedAtStart.get(staticData);
	if (!atStart) {
		const savedAt = new Map(Object.entries(records).map(([key, { at }]) => [key, at]));
		atStart = { savedAt, unread: new Set(savedAt.keys()) };
		storedAtStart.set(staticData, atStart);
	}
	return { records, ...atStart };
}

/** What the static data held of a project when this run began; given once. */
function unreadRecord<T extends RecentRecord>(context: IExecuteFunctions, key: string): T | undefined {
	const { records, unread } = storedIn(context);
	return unread.delete(key) && records[key] ? copyOf(records[key] as T) : undefined;
}

/** The newest records that there is room for. Where names are too many, the oldest lose theirs. */
function newestOf(entries: Array<[string, RecentRecord]>): Map<string, RecentRecord> {
	const newest = entries
		.filter(([, record]) => !hasExpired(record))
		.sort(([, one], [, other]) => other.at - one.at)
		.slice(0, RECORDS_KEPT);
	let photos = 0;
	for (const [, record] of newest) {
		photos += numberOfPhotosIn(record);
		if (photos > PHOTOS_KEPT && record.uploads)
			Object.assign(record, { uploads: [], areUploadsDropped: true });
	}
	return new Map(newest);
}

const numberOfPhotosIn = ({ uploads = [] }: RecentRecord) =>
	uploads.reduce((sum, { photos, unclear = {} }) => sum + Object.keys({ ...photos, ...unclear }).length, 0);

const hasExpired = ({ at }: RecentRecord) => Date.now() - at > KEPT_MS;

/** Static data is observed by n8n: it must not be shared with what is not. */
const copyOf = <T>(records: T): T => JSON.parse(JSON.stringify(records)) as T;
