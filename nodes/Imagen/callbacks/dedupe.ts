import type { IWebhookFunctions } from 'n8n-workflow';

import { firstSeen, triggerRecords } from '../memory';

/** How many calls are remembered across restarts of n8n, against a second delivery. */
const CALLS_KEPT = 500;

/**
 * Whether a call to a trigger comes for the first time, as far as this process and n8n's store know. In the editor a test may
 * be repeated.
 */
export function isFirstDelivery(context: IWebhookFunctions, callNumber: string): boolean {
	if (context.getMode() === 'manual') return true;
	const records = triggerRecords(context);
	const calls = records.calls ?? [];
	if (calls.includes(callNumber) || !firstSeen(callNumber)) return false;
	records.calls = [...calls, callNumber].slice(-CALLS_KEPT);
	return true;
}
