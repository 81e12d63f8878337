import type { IExecuteFunctions } from 'n8n-workflow';

/** A body that is read while it is sent or stored: Node's stream of bytes. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;
