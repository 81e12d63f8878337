import { createdAtOf } from '../../../../../nodes/Imagen/api/createdAt';
import type { Project } from '../../../../../nodes/Imagen/api/types';
import { useClock } from '../../../../support/clock';

useClock();

const read = (created_at: unknown) => createdAtOf({ created_at } as Pick<Project, 'created_at'>);

test.each([
	['2026-06-20T10:00:00.000Z'],
	['2026-06-20T12:00:00+02:00'],
	['2026-06-20T10:00:00.000000'],
	['2026-06-20 10:00:00'],
	['Sat, 20 Jun 2026 10:00:00 GMT'],
	[1_781_949_600],
	[1_781_949_600_000],
	['1781949600'],
	['1781949600.0'],
])('the time at which a project was created is read as the API may write it: %s', (created_at) => {
	expect(read(created_at)).toBe(Date.UTC(2026, 5, 20, 10));
});

test.each([
	[undefined],
	[null],
	[''],
	['yesterday'],
	['Shoot 2026'],
	['0001-01-01T00:00:00'],
	['2026-13-45'],
	[0],
	[1e12 / 7],
	['9999-12-31T23:59:59Z'],
	[{ $date: '2026-06-20' }],
	[true],
])('what cannot be the time at which a project was created is none: %s', (created_at) => {
	expect(read(created_at)).toBeUndefined();
});
