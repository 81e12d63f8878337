import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

/** n8n takes what has no browser's name for a preview of a link, and goes on waiting. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140';

/**
 * Opens a link of n8n's, as a browser does: at the public address, behind which n8n is.
 * @returns the status of the answer
 */
export async function openLink(link: string, n8nUrl: string): Promise<number | undefined> {
	const { host, pathname, search } = new URL(link);
	const sent = request(new URL(pathname + search, n8nUrl), {
		headers: { host, 'user-agent': BROWSER },
	}).end();
	const [answer] = (await once(sent, 'response')) as [IncomingMessage];
	answer.resume();
	return answer.statusCode;
}
