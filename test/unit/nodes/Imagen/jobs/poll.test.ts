import { pollIntervalMs } from '../../../../../nodes/Imagen/jobs/poll';

test('the pause between two status checks grows from 5 seconds to a minute', () => {
	const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((look) => pollIntervalMs(look) / 1000);
	expect(seconds).toEqual([5, 7.5, 11.25, 16.875, 25.3125, 37.96875, 56.953125, 60, 60]);
});
