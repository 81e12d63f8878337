import type { IWebhookFunctions } from 'n8n-workflow';

import { callRecords, setCallRecords } from '../memory';

/**
 * Takes a call to a trigger as handled. In the editor a test may be repeated.
 *
 * @param id of the call, the same for each delivery
 * @returns whether it was not handled before, as far as this process and n8n's store know
 */
export function isFirstDelivery(context: IWebhookFunctions, id: string): boolean {
	if (context.getMode() === 'manual') return true;
	const { calls, pending } = callRecords(context);
	if (calls.includes(id)) return false;
	setCallRecords(context, { calls: [...calls, id], pending });
	return true;
}
