import {
	tryToParseDateTime,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';

import { ImagenOperationError } from '../../errors/imagenErrors';

const MS_PER_UNIT: Record<string, number> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** Without a limit a lost callback would leave the execution paused for ever; at the limit, Download reads the status itself. */
const DEFAULT_AMOUNT = 4;
const DEFAULT_UNIT = 'hours';

/** How long an execution stays paused, as n8n's own waiting nodes offer it. */
export const limitWaitTimeField: INodeProperties = {
	displayName: 'Limit Wait Time',
	name: 'limitWaitTime',
	type: 'fixedCollection',
	default: {
		values: { limitType: 'afterTimeInterval', resumeAmount: DEFAULT_AMOUNT, resumeUnit: DEFAULT_UNIT },
	},
	description: `When a parked execution goes on without a callback, with its input as output. Without this option: after ${DEFAULT_AMOUNT} ${DEFAULT_UNIT}.`,
	options: [
		{
			displayName: 'Values',
			name: 'values',
			values: [
				{
					displayName: 'Limit Type',
					name: 'limitType',
					type: 'options',
					default: 'afterTimeInterval',
					description: 'How the limit is given',
					options: [
						{ name: 'After Time Interval', value: 'afterTimeInterval', description: 'So long after parking' },
						{ name: 'At Specified Time', value: 'atSpecifiedTime', description: 'At a date and time' },
					],
				},
				{
					displayName: 'Amount',
					name: 'resumeAmount',
					type: 'number',
					typeOptions: { minValue: 0, numberPrecision: 2 },
					default: DEFAULT_AMOUNT,
					displayOptions: { show: { limitType: ['afterTimeInterval'] } },
					description: 'The time to wait',
				},
				{
					displayName: 'Unit',
					name: 'resumeUnit',
					type: 'options',
					default: DEFAULT_UNIT,
					displayOptions: { show: { limitType: ['afterTimeInterval'] } },
					description: 'Unit of the time to wait',
					options: [
						{ name: 'Days', value: 'days' },
						{ name: 'Hours', value: 'hours' },
						{ name: 'Minutes', value: 'minutes' },
					],
				},
				{
					displayName: 'Max Date and Time',
					name: 'maxDateAndTime',
					type: 'dateTime',
					default: '',
					displayOptions: { show: { limitType: ['atSpecifiedTime'] } },
					description: 'When to go on at the latest',
				},
			],
		},
	],
};

/** The moment at which a paused execution resumes by itself. @throws NodeOperationError when the limit gives none */
export function waitLimit(context: IExecuteFunctions): Date {
	const values = context.getNodeParameter('options.limitWaitTime.values', 0, {}) as IDataObject;
	return values.limitType === 'atSpecifiedTime'
		? specifiedTime(context, values.maxDateAndTime)
		: afterInterval(context, values);
}

function afterInterval(
	context: IExecuteFunctions,
	{ resumeAmount = DEFAULT_AMOUNT, resumeUnit = DEFAULT_UNIT }: IDataObject,
): Date {
	const date = new Date(Date.now() + Number(resumeAmount) * MS_PER_UNIT[String(resumeUnit)]);
	if (isValid(date)) return date;
	throw new ImagenOperationError(
		context,
		"'Amount' is not a number",
		"Enter under 'Limit Wait Time' how many minutes, hours or days to wait.",
	);
}

/** Without a time zone of its own, a time is meant in that of the workflow. */
function specifiedTime(context: IExecuteFunctions, text: unknown): Date {
	try {
		return tryToParseDateTime(String(text), context.getTimezone()).toJSDate();
	} catch {
		throw notADate(context);
	}
}

function notADate(context: IExecuteFunctions) {
	return new ImagenOperationError(
		context,
		"'Max Date and Time' is not a date",
		"Choose a date and time under 'Limit Wait Time', or set 'Limit Type' to After Time Interval.",
	);
}

const isValid = (date: Date) => !Number.isNaN(date.getTime());
