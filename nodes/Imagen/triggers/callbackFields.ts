import type { INodeProperties } from 'n8n-workflow';

import { outputFields } from './eventItems';
import { notifiedEventsField } from './events';

/** The panel of the trigger that Imagen notifies. */
export const callbackFields: INodeProperties[] = [
	{
		displayName:
			"Copy the production URL above. In the workflow that edits, with the same Imagen AI credential, set 'When Finished' of Start edit to Notify a URL, and paste it into 'Callback URL'. Imagen notifies public https URLs only.",
		name: 'urlNotice',
		type: 'notice',
		default: '',
	},
	notifiedEventsField,
	...outputFields,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Confirm With API',
				name: 'confirm',
				type: 'boolean',
				default: true,
				description:
					"Whether to read the status from the API and trust only that. Imagen doesn't sign its notifications. Without this check, anyone who knows the URL could report an edit as completed.",
			},
		],
	},
];
