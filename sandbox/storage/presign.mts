import { createHmac } from 'node:crypto';

/** s3rver knows one account. */
const accessKey = { id: 'S3RVER', secret: 'S3RVER' };

export interface LinkOrder {
	method: 'GET' | 'PUT';
	/** Scheme, host and port of the storage. */
	origin: string;
	bucket: string;
	key: string;
	/** Until when it works, in milliseconds since 1970. */
	expiresAt: number;
	/** Base64 of the digest that the upload must announce as `Content-MD5`. */
	md5?: string;
	/** The part of a multipart upload that the link is for. */
	part?: { uploadId: string; number: number };
}

/**
 * A presigned link with signature version 2, as Imagen's are: it signs an empty Content-Type, so an upload
 * that sends any other is refused.
 */
export function presign({ method, origin, bucket, key, expiresAt, md5 = '', part }: LinkOrder): string {
	const expires = Math.ceil(expiresAt / 1000);
	const resource = `/${[bucket, ...key.split('/')].map(encoded).join('/')}`;
	const subresource = part && `partNumber=${part.number}&uploadId=${part.uploadId}`;
	const signed = subresource ? `${resource}?${subresource}` : resource;
	const query = new URLSearchParams({
		...(part && { partNumber: String(part.number), uploadId: part.uploadId }),
		AWSAccessKeyId: accessKey.id,
		Signature: signatureOf({ method, md5, contentType: '', expires, resource: signed }),
		Expires: String(expires),
	});
	return `${origin}${resource}?${query}`;
}

/** A part of a path as S3 signs it (RFC 3986). */
const encoded = (part: string) =>
	encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The signature of a request, in base64. */
export function signatureOf({
	method,
	md5,
	contentType,
	expires,
	resource,
}: {
	method: string;
	md5: string;
	contentType: string;
	expires: number;
	/** The path, with those parts of the query that are signed. */
	resource: string;
}): string {
	const stringToSign = [method, md5, contentType, expires, resource].join('\n');
	return createHmac('sha1', accessKey.secret).update(stringToSign).digest('base64');
}
