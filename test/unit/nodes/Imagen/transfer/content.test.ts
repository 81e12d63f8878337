/* eslint-disable @n8n/community-nodes/no-restricted-imports -- reads real camera files */
import { readdirSync, readFileSync } from 'fs';

import { answerInPlaceOf, contentProblem, HEAD_BYTES } from '../../../../../nodes/Imagen/transfer/content';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]);
const TIFF = Buffer.from('II*\0\x08\0\0\0', 'latin1');
const problem = (name: string, head: Buffer | string, bytes = 10_000) =>
	contentProblem(name, Buffer.from(head).subarray(0, HEAD_BYTES), bytes);

/** Jest runs in the project's root. */
const photos = ['demo/photos', 'test/support/photos'].flatMap((folder) =>
	readdirSync(folder)
		.filter((name) => !name.endsWith('.md'))
		.map((name) => [name, folder]),
);

test.each(photos)('the camera file %s is a photo', (name, folder) => {
	const content = readFileSync(`${folder}/${name}`);
	expect(contentProblem(name, content.subarray(0, HEAD_BYTES), content.length)).toBeUndefined();
});

test.each([
	['a JPEG under the name of a RAW photo', '1.NEF', JPEG, 'contains a JPEG'],
	['a web page under the name of a JPEG', '1.jpg', '\n<!DOCTYPE html><html>', 'contains a web page'],
	['an error of a storage', '1.CR3', '<?xml version="1.0"?><Error>', 'contains an XML file'],
	['a PNG', '1.jpg', Buffer.from('\x89PNG\r\n', 'latin1'), 'contains a PNG'],
	['a picture of a phone', '1.jpg', Buffer.from('\0\0\0\x18ftypheic', 'latin1'), 'contains a HEIC picture'],
	['a RAW photo under the name of a JPEG', '1.jpeg', TIFF, 'contains a TIFF or RAW file'],
	['the answer of an API', '1.jpg', '{"error": "not found"}', 'contains JSON'],
	['an empty answer of an API', '1.jpg', '{}\n', 'contains JSON'],
	['a note under the name of a JPEG', '1.jpg', 'Nothing', 'is not a JPEG'],
	[
		'a note under the name of a RAW photo',
		'1.nef',
		'The card was full\r\nafter the first dance',
		'contains text',
	],
	['a note of 300 words', '1.nef', 'f\u00eate '.repeat(300), 'contains text'],
	['an archive', '1.dng', Buffer.from('PK\x03\x04\x14\0', 'latin1'), 'contains a ZIP archive'],
])('%s is no photo', (_what, name, head, expected) => {
	expect(problem(name, head)).toBe(expected);
});

test('an empty file, and one that ends before its directory, are no photos', () => {
	expect(problem('1.NEF', '', 0)).toBe('is empty (0 bytes)');
	expect(problem('1.NEF', TIFF, 8)).toBe('is cut short (8 bytes)');
	expect(problem('1.NEF', Buffer.from('MM\0*\0\x01\0\0', 'latin1'), 65_536)).toContain('is cut short');
	expect(problem('1.NEF', TIFF, 5_000_000)).toBeUndefined();
});

test('what is of no known kind may be the format of a camera', () => {
	expect(problem('1.raw', 'what a camera writes\x01\0\x1c')).toBeUndefined();
	expect(problem('1.raw', Buffer.alloc(HEAD_BYTES, 0xa7))).toBeUndefined();
	// Two bytes that JSON could begin with say nothing.
	expect(problem('1.raw', Buffer.from('[{\x03\xfe\x11\x80\x07\0\xc3', 'latin1'))).toBeUndefined();
	expect(problem('1.CR3', Buffer.from('\0\0\0\x18ftypcrx ', 'latin1'))).toBeUndefined();
});

test.each([
	['nothing', '1.xmp', '', 'an empty file'],
	['a web page', '1.xmp', '<html><body>Sign in', 'a web page'],
	['a web page that is XML', '1.xmp', '<?xml version="1.0"?><!DOCTYPE html>', 'a web page'],
	['an error of a storage', '1.xmp', '<Error><Code>SlowDown</Code></Error>', 'an error of the storage'],
	['the answer of an API', '1.jpg', '{"error": "not found"}', 'JSON'],
	['a sidecar', '1.dng', '<?xml version="1.0"?><x:xmpmeta>', 'an XML file'],
	['a text', '1.jpg', 'upstream connect error or disconnect', 'text'],
])('%s in the place of a result is no result', (_what, name, head, expected) => {
	expect(answerInPlaceOf(name, Buffer.from(head).subarray(0, HEAD_BYTES))).toBe(expected);
});

test.each([
	['a sidecar', '1.xmp', '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta>'],
	[
		'a sidecar of another program',
		'1.xmp',
		'<?xml version="1.0" encoding="UTF-8"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">',
	],
	['a JPEG', '1.jpg', JPEG],
	['a DNG', '1.dng', TIFF],
	['too little to say', '1.jpg', 'jpeg'],
])('%s may be a result', (_what, name, head) => {
	expect(answerInPlaceOf(name, Buffer.from(head).subarray(0, HEAD_BYTES))).toBeUndefined();
});
