import type { INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';

/** What to do when the edit or export was started before. */
export const ifAlreadySentField = (job: Job): INodeProperties => ({
	displayName: 'If Already Sent',
	name: 'ifAlreadySent',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Stop with an error' },
		{
			name: 'Send Again',
			value: 'sendAgain',
			description: `Start another ${job}, which Imagen may bill again`,
		},
		{ name: 'Skip', value: 'skip', description: `Go on with the ${job} that is running or done` },
	],
	default: 'skip',
	description: `What to do with a project whose ${job} is running or done already`,
});
