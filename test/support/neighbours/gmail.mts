import PostalMime, { type Email } from 'postal-mime';
import { jsonOf, type Service, type ServiceAnswer, type ServiceRequest } from './neighbours.mts';

/**
 * A stand-in for Gmail: sending a mail, https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send. It
 * has its host in common with Google Drive, and knows its own paths.
 */
export class Gmail implements Service {
	readonly hosts = ['www.googleapis.com'];
	readonly mails: Email[] = [];

	async answer(request: ServiceRequest): Promise<ServiceAnswer | undefined> {
		if (request.path !== '/gmail/v1/users/me/messages/send') return undefined;
		const { raw } = jsonOf<{ raw: string }>(request);
		this.mails.push(await PostalMime.parse(Buffer.from(raw, 'base64url')));
		return { json: { id: `mail-${this.mails.length}`, threadId: 'thread-1', labelIds: ['SENT'] } };
	}
}
