/** The part of s3rver 3.7 that the sandbox uses; the package has no types of its own. */
declare module 's3rver' {
	import type { IncomingMessage, ServerResponse } from 'node:http';
	import type { Readable } from 'node:stream';

	export interface StoredObject {
		bucket: string;
		key: string;
		content: Readable;
		metadata: Record<string, string | undefined>;
	}

	export interface Store {
		getResourcePath(bucket: string, key: string, resource: 'object' | 'metadata.json'): string;
		putMetadata(bucket: string, key: string, metadata: object, md5?: string): Promise<void>;
		putObject(object: StoredObject): Promise<{ size: number; md5: string }>;
	}

	export default class S3rver {
		constructor(options: {
			directory: string;
			silent: boolean;
			vhostBuckets: boolean;
			configureBuckets: Array<{ name: string }>;
		});
		store: Store;
		logger: { close(): void; exceptions: { unhandle(): void } };
		configureBuckets(): Promise<void>;
		callback(): (request: IncomingMessage, response: ServerResponse) => void;
	}
}

declare module 's3rver/lib/models/error.js' {
	/** An error that s3rver answers as S3 does: its XML, and the status that belongs to the code. */
	export default class S3Error extends Error {
		constructor(code: string, message: string);
	}
}
