import type { INodePropertyOptions } from 'n8n-workflow';

import { eventsField, notifiedEventsField } from '../../../../../nodes/Imagen/triggers/events';

const optionsOf = ({ options = [] }: typeof eventsField) => options as INodePropertyOptions[];

test('only where Imagen has to notify n8n, the events of exports say that they may not come', () => {
	const warned = (field: typeof eventsField) =>
		optionsOf(field)
			.filter(({ description }) => description?.includes('this event may not come'))
			.map(({ value }) => value);
	expect(warned(notifiedEventsField)).toEqual(['exportCompleted', 'exportFailed']);
	expect(warned(eventsField)).toEqual([]);
});

test('both triggers offer the same events', () => {
	const choices = (field: typeof eventsField) => optionsOf(field).map(({ name, value }) => [name, value]);
	expect(choices(notifiedEventsField)).toEqual(choices(eventsField));
});
