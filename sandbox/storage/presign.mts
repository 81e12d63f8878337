import { createHmac } from 'node:crypto';

/** s3rver knows one account. */
const accessKey = { id: 'S3RVER', secret: 'S3RVER' };

export interface LinkOrder {
	method: 'GET' | 'PUT';
	/** Scheme, host and port of the storage. */
	origin: string;
	bucket: string;
	key: string;
	/** Lifetime in seconds. */
	seconds: number;
	/** Base64 of the digest that the upload must announce as `Content-MD5`. */
	md5?: string;
}

/**
 * A presigned link with signature version 2, as Imagen's are: it signs an empty Content-Type, so an upload
 * that sends any other is refused.
 */
export function presign({ method, origin, bucket, key, seconds, md5 = '' }: LinkOrder): string {
	const expires = Math.ceil(Date.now() / 1000 + seconds);
	const resource = `/${bucket}/${key}`;
	const stringToSign = [method, md5, '', expires, resource].join('\n');
	const signature = createHmac('sha1', accessKey.secret).update(stringToSign).digest('base64');
	const query = new URLSearchParams({
		AWSAccessKeyId: accessKey.id,
		Signature: signature,
		Expires: String(expires),
	});
	return `${origin}${resource}?${query}`;
}
