import type { Status } from '../api/status';

/** What is known of a start that was sent. */
export interface StartRecord {
	/** The run of the node that sent it. The same for all tries of Retry On Fail. */
	by: string;
	/** The state before it was sent. */
	before: Status;
	/** Whether the API took it; false while that is unclear. */
	accepted: boolean;
}

/** How long Imagen's status may lag behind what was sent, generously. */
const EXPIRES_AFTER_MS = 600_000;

const sent = new Map<string, { record: StartRecord; at: number }>();

/** A start that an execution of this n8n process has sent within the last minutes. */
export function recentStart(key: string): StartRecord | undefined {
	const entry = sent.get(key);
	return entry && hasExpired(entry) ? undefined : entry?.record;
}

/** Remembers a start for the other executions, or forgets it. */
export function setRecentStart(key: string, record: StartRecord | undefined): void {
	for (const [other, entry] of sent) if (hasExpired(entry)) sent.delete(other);
	if (record) sent.set(key, { record, at: Date.now() });
	else sent.delete(key);
}

/** Forgets all, as a restart of n8n does. */
export function forgetRecentStarts(): void {
	sent.clear();
}

const hasExpired = ({ at }: { at: number }) => Date.now() - at > EXPIRES_AFTER_MS;
