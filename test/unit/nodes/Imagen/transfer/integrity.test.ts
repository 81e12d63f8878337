import { integrityError, type Announced } from '../../../../../nodes/Imagen/transfer/integrity';

const ARRIVED = { bytes: 8, md5: '0'.repeat(32) };
const OTHER_MD5 = '1'.repeat(32);

const flaw = (announced: Partial<Announced>) => integrityError(ARRIVED, { isChunked: false, ...announced });

describe('a file is whole', () => {
	test.each<[string, Partial<Announced>]>([
		['when all announced bytes arrived', { bytes: 8 }],
		['when it was unpacked on its way', { bytes: 5 }],
		['when it was unpacked, and the digest is that of the packed one', { bytes: 5, md5: OTHER_MD5 }],
		['when the last chunk arrived', { isChunked: true }],
		['when its digest is right, whatever its length', { md5: ARRIVED.md5 }],
	])('%s', (_when, announced) => {
		expect(flaw(announced)).toBeUndefined();
	});
});

describe('a file is not whole', () => {
	test('when bytes are missing', () => {
		expect(flaw({ bytes: 9 })).toBe('8 of 9 bytes arrived');
	});

	test('when its digest is another', () => {
		expect(flaw({ bytes: 8, md5: OTHER_MD5 })).toBe('what arrived is not what the storage holds');
	});

	test('when its digest is another, and nothing else tells its end', () => {
		expect(flaw({ md5: OTHER_MD5 })).toBe('what arrived is not what the storage holds');
	});

	test('when nothing tells its end', () => {
		expect(flaw({})).toBe('the storage did not tell where the file ends');
	});
});
