import type { INodeTypeDescription } from 'n8n-workflow';

import { CHOSEN_OPERATION } from './operation';

/** The operations that Imagen bills for, as the panel's expressions name them. */
const BILLED: Array<[operations: string[], message: string]> = [
	[
		['edit.start'],
		'Imagen bills each photo of the project when this runs. An edit that was already started is not billed again.',
	],
	[
		['shoot.editPhotos'],
		'Imagen bills each photo when this runs. To see the bill first, run Shoot: Preview. While this runs, the log of the n8n server shows the progress.',
	],
	[
		['retouch.applyInstruction', 'retouch.applyTool'],
		'Imagen bills each photo when this runs, and each run makes a new version.',
	],
];

/** Notices above the panel, before the node has run, that what it does costs money. */
export const billingHints: INodeTypeDescription['hints'] = BILLED.map(([operations, message]) => ({
	message,
	type: 'info',
	// Unlike 'ndv', it is gone once the node has run.
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
	displayCondition: `={{ ${JSON.stringify(operations)}.includes(${CHOSEN_OPERATION}) }}`,
}));
