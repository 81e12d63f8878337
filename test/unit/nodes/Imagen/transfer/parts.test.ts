import { needsMultipart, partsOf } from '../../../../../nodes/Imagen/transfer/parts';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

test('a file of up to 64 MiB goes up as a whole', () => {
	expect([64 * MiB, 64 * MiB + 1].map(needsMultipart)).toEqual([false, true]);
});

test('the parts of a file are 64 MiB each, the last one what is left', () => {
	expect(partsOf(130 * MiB)).toEqual([
		{ number: 1, of: 3, start: 0, end: 64 * MiB },
		{ number: 2, of: 3, start: 64 * MiB, end: 128 * MiB },
		{ number: 3, of: 3, start: 128 * MiB, end: 130 * MiB },
	]);
});

test('no part of a file is empty', () => {
	expect(partsOf(128 * MiB)).toHaveLength(2);
});

test.each([625 * GiB, 625 * GiB + 1, 1000 * GiB + 12_345])(
	'a file of %d bytes has at most 10,000 parts',
	(bytes) => {
		const parts = partsOf(bytes);
		expect(parts.length).toBeLessThanOrEqual(10_000);
		expect(parts.length).toBeGreaterThan(9_990);
		expect(parts.at(-1)).toMatchObject({ number: parts.length, of: parts.length, end: bytes });
	},
);
