import { createHmac } from 'crypto';

import { credentialOf } from './request';
import type { ApiContext } from './types';

const DIGEST_LENGTH = 12;

/**
 * Tells the account of the node's credential from others: by its key and by where the API is. It is stored with workflows, so it is
 * short, and made so that it does not help to guess the key.
 */
export async function accountOf(context: ApiContext): Promise<string> {
	const { apiKey, baseUrl } = await credentialOf(context);
	const digest = createHmac('sha256', apiKey).update(`n8n-nodes-imagen-ai account ${baseUrl}`);
	return digest.digest('base64url').slice(0, DIGEST_LENGTH);
}
