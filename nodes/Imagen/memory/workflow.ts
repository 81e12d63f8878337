import type { IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

/** What a trigger knows from one start of its workflow to the next, and across restarts of n8n. */
export interface TriggerRecords {
	/** The numbers of the callbacks that were handled, the oldest first. */
	calls?: string[];
	/** For each project, the ends of its jobs that were reported, as event names with blanks between; unset before the first look. */
	reported?: Record<string, string>;
}

/** @returns the records themselves: n8n saves what is written into them, but not in a run by hand */
export function triggerRecords(context: IPollFunctions | IWebhookFunctions): TriggerRecords {
	return context.getWorkflowStaticData('node');
}
