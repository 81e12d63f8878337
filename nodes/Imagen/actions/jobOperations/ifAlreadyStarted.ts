import type { INodeProperties } from 'n8n-workflow';

import type { Job } from '../../api/endpoints';

/** What Imagen charges for another start. It documents no price of exports. */
const BILLED_AGAIN: Record<Job, string> = {
	edit: 'which Imagen bills again',
	export: 'which Imagen may bill',
};

/** What to do when the edit or export was started before. */
export const ifAlreadyStartedField = (job: Job): INodeProperties => ({
	displayName: 'If Already Started',
	name: 'ifAlreadyStarted',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Stop with an error' },
		{ name: 'Skip', value: 'skip', description: `Use the ${job} that is in progress or finished` },
		{
			name: 'Start Again',
			value: 'startAgain',
			description: `Start another ${job}, ${BILLED_AGAIN[job]}`,
		},
	],
	default: 'skip',
	description: `What to do with a project whose ${job} is already in progress or finished`,
});
