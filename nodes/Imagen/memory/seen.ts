const KEPT = 10_000;

const seen = new Set<string>();

/**
 * Whether an event is seen for the first time by this n8n process. Deliveries that come at the same time cannot know of each
 * other in any other way: what n8n stores, it stores after they were answered.
 *
 * @param id unlike that of any other event
 */
export function firstSeen(id: string): boolean {
	if (seen.has(id)) return false;
	seen.add(id);
	if (seen.size > KEPT) seen.delete(seen.values().next().value as string);
	return true;
}
