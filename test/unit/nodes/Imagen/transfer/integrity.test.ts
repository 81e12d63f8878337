import { integrityError, type ExpectedFile } from '../../../../../nodes/Imagen/transfer/integrity';

const ARRIVED = { bytes: 8, md5: '0'.repeat(32) };
const OTHER_MD5 = '1'.repeat(32);

const flaw = (announced: Partial<ExpectedFile>) =>
	integrityError(ARRIVED, { isChunked: false, ...announced });

test.each<[string, Partial<ExpectedFile>]>([
	['when all announced bytes arrived', { bytes: 8 }],
	['when it was unpacked on its way', { bytes: 5 }],
	['when it was unpacked, and the digest is that of the packed one', { bytes: 5, md5: OTHER_MD5 }],
	['when the last chunk arrived', { isChunked: true }],
	['when its digest is right, whatever its length', { md5: ARRIVED.md5 }],
])('a file counts as whole %s', (_when, announced) => {
	expect(flaw(announced)).toBeUndefined();
});

test('a file is not whole when bytes are missing', () => {
	expect(flaw({ bytes: 9 })).toBe('only part of the file arrived (8 of 9 bytes)');
});

test('a file is not whole when its digest is another', () => {
	expect(flaw({ bytes: 8, md5: OTHER_MD5 })).toBe('the file that arrived is not the one in the storage');
});

test('a file is not whole when its digest is another, and nothing else announces its end', () => {
	expect(flaw({ md5: OTHER_MD5 })).toBe('the file that arrived is not the one in the storage');
});

test('a file is not whole when nothing announces its end', () => {
	expect(flaw({})).toBe('the storage did not say how long the file is');
});
