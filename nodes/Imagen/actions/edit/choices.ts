import type { INodePropertyOptions } from 'n8n-workflow';

import { settingName, type SettingKey } from '../../jobs/settingNames';

/** The choices of a setting in the panel. @param descriptions by the values, of those that need one */
export const choicesOf = (
	setting: SettingKey,
	descriptions: Partial<Record<string, string>> = {},
): INodePropertyOptions[] =>
	Object.entries(settingName(setting)?.choices ?? {}).map(([value, name = value]) => {
		const description = descriptions[value];
		return { name, value, ...(description && { description }) };
	});
