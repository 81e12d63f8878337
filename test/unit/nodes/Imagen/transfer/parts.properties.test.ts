import fc from 'fast-check';

import { needsMultipart, partsOf } from '../../../../../nodes/Imagen/transfer/parts';

const SMALLEST_BYTES = 5 * 1024 * 1024;
const GiB = 1024 ** 3;

test('the parts of a file are its bytes, each once, as many and as large as S3 takes', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 5000 * GiB }).filter(needsMultipart), (bytes) => {
			const parts = partsOf(bytes);
			expect(parts.length).toBeLessThanOrEqual(10_000);
			expect([parts[0].start, parts.at(-1)!.end]).toEqual([0, bytes]);
			expect(parts.slice(1).every(({ start }, index) => start === parts[index].end)).toBe(true);
			expect(parts.slice(0, -1).every(({ start, end }) => end - start >= SMALLEST_BYTES)).toBe(true);
			expect(parts.at(-1)!.end - parts.at(-1)!.start).toBeGreaterThan(0);
		}),
	);
});
