import { WebSocket } from 'ws';

/** n8n's own messages of the connection; the page answers the first. */
const HEARTBEAT = 'n8n|heartbeat';
const CONTINUE = 'n8n|continue';

/**
 * Says something in n8n's hosted chat, as its page does it.
 * @param chatUrl the address of the chat, whose workflow answers by a node
 * @returns the chat's answer
 */
export async function sayInChat(chatUrl: string, chatInput: string): Promise<string> {
	const sessionId = chatInput;
	const response = await fetch(chatUrl, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId, chatInput }),
	});
	const { executionId, resumeToken } = (await response.json()) as Record<string, string | undefined>;
	const address = new URL('/chat', chatUrl.replace(/^http/, 'ws'));
	const query = { sessionId, executionId, token: resumeToken, isPublic: 'true' };
	for (const [name, value] of Object.entries(query)) if (value) address.searchParams.set(name, value);
	return await answerOf(new WebSocket(address));
}

async function answerOf(socket: WebSocket): Promise<string> {
	return await new Promise((resolve, reject) => {
		const said: string[] = [];
		socket.on('message', (data: Buffer) => {
			const message = data.toString();
			if (message === HEARTBEAT) socket.send(`${HEARTBEAT}-ack`);
			else if (message !== CONTINUE) said.push(message);
		});
		socket.on('error', reject);
		socket.on('close', () => resolve(said.join('\n')));
	});
}
