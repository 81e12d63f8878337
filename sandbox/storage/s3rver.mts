import type { IncomingMessage, ServerResponse } from 'node:http';
// @ts-expect-error The package has no types.
import UntypedS3rver from 's3rver';
// @ts-expect-error The package has no types.
import UntypedS3Error from 's3rver/lib/models/error.js';

/** The part of s3rver 3.7 that the sandbox uses. */
export interface S3Server {
	store: {
		getResourcePath(bucket: string, key: string | undefined, resource: string): string;
		putMetadata(bucket: string, key: string, metadata: object, md5?: string): Promise<void>;
		getObject(bucket: string, key: string, options?: object): Promise<unknown>;
		putObject(object: StoredObject): Promise<StoredDigest>;
		putPart(
			bucket: string,
			uploadId: string,
			partNumber: string,
			content: IncomingMessage,
		): Promise<StoredDigest>;
	};
	logger: { close(): void; exceptions: { unhandle(): void } };
	configureBuckets(): Promise<void>;
	callback(): (request: IncomingMessage, response: ServerResponse) => void;
}

export interface StoredObject {
	key: string;
	content: IncomingMessage;
	metadata: object;
}

export interface StoredDigest {
	size: number;
	/** In hex. */
	md5: string;
}

interface S3rverOptions {
	directory: string;
	silent: boolean;
	vhostBuckets: boolean;
	configureBuckets: Array<{ name: string }>;
}

export const S3rver = UntypedS3rver as new (options: S3rverOptions) => S3Server;

/** An error that s3rver answers as S3 does: its XML, and the status that belongs to the code. */
export const S3Error = UntypedS3Error as new (code: string, message: string) => Error;
