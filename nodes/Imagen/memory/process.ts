/** How long Imagen's status may lag behind what was sent, generously. */
const START_EXPIRES_AFTER_MS = 600_000;

const recentStarts = new Map<string, { record: object; at: number }>();

/** A start that an execution of this n8n process has sent within the last minutes. */
export function recentStart<T extends object>(key: string): T | undefined {
	const entry = recentStarts.get(key);
	return entry && !hasExpired(entry) ? (entry.record as T) : undefined;
}

/** Remembers a start for the other executions, or forgets it. */
export function setRecentStart(key: string, record: object | undefined): void {
	for (const [other, entry] of recentStarts) if (hasExpired(entry)) recentStarts.delete(other);
	if (record) recentStarts.set(key, { record, at: Date.now() });
	else recentStarts.delete(key);
}

/** Forgets all starts, as a restart of n8n does: for tests. */
export function forgetRecentStarts(): void {
	recentStarts.clear();
}

const hasExpired = ({ at }: { at: number }) => Date.now() - at > START_EXPIRES_AFTER_MS;

const EVENTS_KEPT = 10_000;

const seenEvents = new Set<string>();

/**
 * Whether an event is seen for the first time by this n8n process. Deliveries that come at the same time cannot know of each
 * other in any other way: what n8n stores, it stores after they were answered.
 *
 * @param id unlike that of any other event
 */
export function firstSeen(id: string): boolean {
	if (seenEvents.has(id)) return false;
	seenEvents.add(id);
	if (seenEvents.size > EVENTS_KEPT) seenEvents.delete(seenEvents.values().next().value as string);
	return true;
}

const running = new Set<string>();

/** Does work that must not run twice at the same time in this process. @returns undefined where it is running already */
export async function unlessRunning<T>(id: string, work: () => Promise<T>): Promise<T | undefined> {
	if (running.has(id)) return undefined;
	running.add(id);
	return await work().finally(() => running.delete(id));
}
