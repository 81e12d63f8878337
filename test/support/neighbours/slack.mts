import { jsonOf, type Service, type ServiceAnswer, type ServiceRequest } from './neighbours.mts';

/** A message as it is posted. */
export interface SlackMessage {
	channel: string;
	text: string;
	blocks?: Array<{ elements?: Array<{ url?: string; text?: { text?: string } }>; text?: { text: string } }>;
}

/**
 * A stand-in for Slack: posting a message, https://docs.slack.dev/reference/methods/chat.postMessage. An error is a 200 with
 * `ok: false`, as Slack's are.
 */
export class Slack implements Service {
	readonly hosts = ['slack.com'];
	readonly messages: SlackMessage[] = [];

	answer(request: ServiceRequest): ServiceAnswer | undefined {
		if (request.path !== '/api/chat.postMessage') return undefined;
		const message = jsonOf<SlackMessage>(request);
		if (!message.channel) return { json: { ok: false, error: 'channel_not_found' } };
		this.messages.push(message);
		return { json: { ok: true, channel: message.channel, ts: '1700000000.000100', message } };
	}
}

/** Where the buttons of a message lead, by their labels. */
export function buttonsOf({ blocks = [] }: SlackMessage): Record<string, string> {
	const buttons = blocks.flatMap(({ elements = [] }) => elements).filter(({ url }) => url);
	return Object.fromEntries(buttons.map(({ text, url = '' }) => [text?.text ?? '', url]));
}
