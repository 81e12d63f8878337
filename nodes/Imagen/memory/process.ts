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

/** By trigger, what its calls have written down since n8n started. */
const callsOfTriggers = new Map<string, object>();

/** What the calls of a trigger have written down in this process: calls that overlap see each other's here only. */
export function processRecords<T extends object>(trigger: string): Partial<T> {
	return (callsOfTriggers.get(trigger) ?? {}) as Partial<T>;
}

/** Writes that down for the other calls. */
export function setProcessRecords(trigger: string, records: object): void {
	callsOfTriggers.set(trigger, records);
}

/** Forgets what the calls of all triggers have written down, as a restart of n8n does: for tests. */
export function forgetCalls(): void {
	callsOfTriggers.clear();
}

/** n8n 2.41 keeps an expression engine of 12 MB, measured, for a call until the node has returned: 60 MB in all. */
const MOST_HELD_CALLS = 5;

const held = new Set<string>();

/**
 * Does work that keeps a call from returning for long, unless too many calls are held already, or one for the same.
 *
 * @returns undefined where it was not done
 */
export async function holdCall<T>(id: string, work: () => Promise<T>): Promise<T | undefined> {
	if (held.has(id) || held.size >= MOST_HELD_CALLS) return undefined;
	held.add(id);
	return await work().finally(() => held.delete(id));
}

/** Whether a call is held for this in this process. */
export const isHeld = (id: string): boolean => held.has(id);

const running = new Set<string>();

/** Does work that must not run twice at the same time in this process. @returns undefined where it is running already */
export async function unlessRunning<T>(id: string, work: () => Promise<T>): Promise<T | undefined> {
	if (running.has(id)) return undefined;
	running.add(id);
	return await work().finally(() => running.delete(id));
}
