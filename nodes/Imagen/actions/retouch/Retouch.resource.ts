import type { INodeProperties } from 'n8n-workflow';

import * as applyInstruction from './applyInstruction.operation';
import * as applyTool from './applyTool.operation';
import * as finalize from './finalize.operation';
import * as getTools from './getTools.operation';
import * as reset from './reset.operation';

export const operations = { applyInstruction, applyTool, finalize, getTools, reset };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['retouch'] } },
		options: [
			{
				name: 'Apply Instruction',
				value: 'applyInstruction',
				description: 'Change finished photos by words, such as: Remove the lamp post',
				action: 'Apply an instruction to photos',
			},
			{
				name: 'Apply Tool',
				value: 'applyTool',
				description: 'Change finished photos by one of the retouch tools',
				action: 'Apply a tool to photos',
			},
			{
				name: 'Finalize',
				value: 'finalize',
				description: 'Make final files of the photos of a project, with their retouching',
				action: 'Finalize the retouched photos of a project',
			},
			{
				name: 'Get Tools',
				value: 'getTools',
				description: 'List the retouch tools that a project offers',
				action: 'Get the retouch tools of a project',
			},
			{
				name: 'Reset',
				value: 'reset',
				description: 'Take photos back to what they were before retouching',
				action: 'Reset the retouching of photos',
			},
		],
		default: 'applyInstruction',
	},
	...applyInstruction.description,
	...applyTool.description,
	...getTools.description,
	...reset.description,
	...finalize.description,
];
