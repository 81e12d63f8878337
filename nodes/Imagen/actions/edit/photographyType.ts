import type { INodeProperties } from 'n8n-workflow';

import { SETTING_NAMES } from '../../jobs/settingNames';
import { choicesOf } from './choices';

/** What the photos show. */
export const photographyTypeOption: INodeProperties = {
	displayName: SETTING_NAMES.photography_type.label,
	name: 'photographyType',
	type: 'options',
	options: choicesOf('photography_type'),
	default: 'NO_TYPE',
	displayOptions: { show: { '/editingFlow': ['REGULAR'] } },
	description: 'What the shoot shows, as a hint for the AI',
};
