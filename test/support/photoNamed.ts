import type { Photo, PhotoSource } from '../../nodes/Imagen/transfer/sources';

/** A source that nobody reads. */
const UNREAD: PhotoSource = {
	open: async () => await Promise.reject(new Error('This photo has no bytes to read')),
	isSeekable: false,
	isLink: false,
};

/** A photo of the input of which only the name matters, or what is given besides. */
export const photoNamed = (fileName: string, given: Partial<Photo> = {}): Photo => ({
	itemIndex: 0,
	field: 'data',
	fileName,
	originalFileName: fileName,
	bytes: 1,
	source: UNREAD,
	...given,
});

/** A source that gives chunks from its start on, as a file on the disk does. */
export const sourceOf = (
	chunks: () => AsyncGenerator<Buffer>,
	given: Partial<PhotoSource> = {},
): PhotoSource => ({
	open: async () => chunks() as unknown as Awaited<ReturnType<PhotoSource['open']>>,
	isSeekable: false,
	isLink: false,
	...given,
});
