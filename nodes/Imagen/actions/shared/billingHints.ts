import type { INodeTypeDescription } from 'n8n-workflow';

import { CHOSEN_OPERATION } from './operation';

/** What operations cost, by their names in the panel's expressions: those that Imagen bills for, and the one that shows what it would bill. */
const COSTS: Array<[operations: string[], message: string]> = [
	[
		['edit.start'],
		"Imagen bills each photo of the project when this runs. An edit that was already started is not billed again, unless 'If Already Started' is set to Start Again.",
	],
	[
		['shoot.editPhotos'],
		'Imagen bills each photo when this runs. To see the bill first, run Preview shoot. While this runs, the log of the n8n server shows the progress.',
	],
	[['shoot.preview'], 'Free: nothing is uploaded or billed.'],
	[
		['retouch.applyInstruction', 'retouch.applyTool'],
		'Imagen bills each photo when this runs, and each run makes a new version.',
	],
];

/** Notices beside the panel, before the node has run, of what it costs. */
export const billingHints: INodeTypeDescription['hints'] = COSTS.map(([operations, message]) => ({
	message,
	type: 'info',
	// Unlike 'ndv', it is gone once the node has run.
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
	displayCondition: `={{ ${JSON.stringify(operations)}.includes(${CHOSEN_OPERATION}) }}`,
}));
