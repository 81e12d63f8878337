import { sleep } from 'n8n-workflow';

import { IDLE_TIMEOUT_MS } from '../api/limits';
import { type ByteStream, toStream } from './streams';

const LOOK_EVERY_MS = Math.min(IDLE_TIMEOUT_MS / 4, 250);

/**
 * A body that ends in an error when nothing comes of it for too long: a server that stops in the middle of a file would hold
 * the execution for ever. The HTTP layer's own time-out ends with the headers, and what it gives out need not be Node's own
 * message, which has a clock.
 *
 * @param giveUp ends the request; what waits for the body cannot
 * @param onChunk is shown what passes
 */
export function withIdleTimeout(
	body: ByteStream,
	giveUp: () => void,
	onChunk: (chunk: Buffer) => void,
): ByteStream {
	let isOver = false;
	let isGivenUp = false;
	let isAwaited = true;
	let idleMs = 0;

	async function watch() {
		while (!isOver && !isGivenUp) {
			await sleep(LOOK_EVERY_MS);
			// Whoever stores the file may take their time: only the server's silence counts.
			idleMs = isAwaited ? idleMs + LOOK_EVERY_MS : 0;
			if (isOver || idleMs < IDLE_TIMEOUT_MS) continue;
			isGivenUp = true;
			giveUp();
		}
	}

	async function* passing() {
		void watch();
		try {
			for await (const chunk of body as AsyncIterable<Buffer>) {
				isAwaited = false;
				onChunk(chunk);
				yield chunk;
				isAwaited = true;
				idleMs = 0;
			}
		} catch (error) {
			throw isGivenUp ? Object.assign(new Error('No more data arrived'), { code: 'ETIMEDOUT' }) : error;
		} finally {
			isOver = true;
		}
	}

	return toStream(body, passing(), () => {
		if (!isOver) giveUp();
		body.destroy();
	});
}
