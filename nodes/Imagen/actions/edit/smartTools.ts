import type { INodeProperties } from 'n8n-workflow';

import { aiToolsField } from './aiTools';

/** The tools that Smart Editing has (the official clients' `I2IEditOptions`). */
const SMART_TOOLS = ['hdrMerge', 'perspectiveCorrection', 'skyReplacement', 'skyReplacementTemplateId'];

/** The AI tools of Smart Editing. A parameter of its own: what was chosen for the other flow is not to come along. */
export const smartToolsField: INodeProperties = {
	...aiToolsField,
	name: 'smartTools',
	description: 'What Imagen does besides its own edit, to all photos of the project',
	options: (aiToolsField.options as INodeProperties[])
		.filter(({ name }) => SMART_TOOLS.includes(name))
		.map((tool) =>
			tool.name === 'perspectiveCorrection'
				? { ...tool, description: 'Whether to set falling lines upright' }
				: tool,
		),
};
