import { XMLBuilder } from 'fast-xml-parser';

const builder = new XMLBuilder({ format: true });

/** The body of an S3 error answer. */
export function s3ErrorXml(code: string, message: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ Error: { Code: code, Message: message } })}`;
}

/** The error code S3 uses for a status, for the statuses a fault may ask for. */
export function s3ErrorCode(status: number): string {
	return s3ErrorCodes[status] ?? (status < 500 ? 'InvalidRequest' : 'InternalError');
}

const s3ErrorCodes: Record<number, string> = {
	400: 'BadRequest',
	403: 'AccessDenied',
	404: 'NoSuchKey',
	409: 'OperationAborted',
	429: 'SlowDown',
	500: 'InternalError',
	501: 'NotImplemented',
	503: 'SlowDown',
};
