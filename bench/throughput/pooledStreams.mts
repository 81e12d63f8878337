import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { forEachConcurrently, requestLinks, type Link, type Transfer } from './transfer.mts';

/** What a program of one's own does best, and the official SDK does: streams over a pool of connections that are kept. */
export async function transfer(order: Transfer): Promise<void> {
	const { direction, paths, folder, atOnce } = order;
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	await forEachConcurrently(await requestLinks(order), atOnce, async ({ fileName, url }) => {
		if (direction === 'upload') await put(agent, url, paths[fileName]);
		else await get(agent, url, join(folder, fileName));
	});
	agent.destroy();
}

async function put(agent: Agent, url: Link['url'], path: string): Promise<void> {
	const headers = { 'content-type': '', 'content-length': (await stat(path)).size };
	const outgoing = request(url, { method: 'PUT', agent, headers });
	const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
	await pipeline(createReadStream(path), outgoing);
	await readToEnd((await answered)[0]);
}

async function get(agent: Agent, url: Link['url'], path: string): Promise<void> {
	const outgoing = request(url, { agent }).end();
	const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
	if (response.statusCode !== 200) throw new Error(`The storage answers ${response.statusCode}`);
	await pipeline(response, createWriteStream(path));
}

async function readToEnd(response: IncomingMessage): Promise<void> {
	if (response.statusCode !== 200) throw new Error(`The storage answers ${response.statusCode}`);
	response.resume();
	await once(response, 'end');
}
