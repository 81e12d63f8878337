import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { noKey, notAKey } from '../errors/credentialErrors';

/** What comes along when a key is copied out of an e-mail or a document, and is no part of any key. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const LINE_BREAK = /\s*[\r\n\u2028\u2029]+\s*/g;
const QUOTES_AROUND = /^["'`“”„‟‘’‚«»]+|["'`“”„‟‘’‚«»]+$/g;

/**
 * The API key of a credential as a header takes it, without the quotes, blanks and line breaks that were copied with it.
 *
 * @throws UserError when there is none, or when it holds what no header takes (RFC 9110) or a space
 */
export function apiKeyIn({ apiKey }: ICredentialDataDecryptedObject): string {
	const key = String(apiKey ?? '')
		.replace(INVISIBLE, '')
		.replace(LINE_BREAK, '')
		.trim()
		.replace(QUOTES_AROUND, '')
		.trim();
	if (key === '') throw noKey();
	if (!/^[\x21-\x7e]+$/.test(key)) throw notAKey(/\s/.test(key));
	return key;
}
