import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { loopbackHost } from '../../../sandbox/loopback.mts';

/** A mail server that keeps what it is sent. */
export class MailServer {
	readonly #server: SMTPServer;
	readonly mails: Email[] = [];

	static async open(): Promise<MailServer> {
		const opened = new MailServer();
		await new Promise<void>((resolve) => opened.#server.listen(0, loopbackHost, resolve));
		return opened;
	}

	private constructor() {
		this.#server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onData: (stream, _session, done) => {
				const read = async () => this.mails.push(await PostalMime.parse(await buffer(stream)));
				read().then(() => done(), done);
			},
		});
	}

	/** What a user enters in n8n's SMTP credential. */
	get credential() {
		const { port } = this.#server.server.address() as AddressInfo;
		return { user: '', password: '', host: loopbackHost, port, secure: false, disableStartTls: true };
	}

	async close(): Promise<void> {
		await new Promise<void>((resolve) => this.#server.close(resolve));
	}
}
