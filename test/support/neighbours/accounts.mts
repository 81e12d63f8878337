import type { N8nClient } from '../n8n/n8nClient.mts';
import type { TestNode } from '../n8n/workflowNodes.mts';
import { Dropbox } from './dropbox.mts';
import { Gmail } from './gmail.mts';
import { GoogleDrive } from './googleDrive.mts';
import { MailServer } from './mailServer.mts';
import { Neighbours } from './neighbours.mts';
import { OneDrive } from './oneDrive.mts';
import { S3, s3Credential } from './s3.mts';
import { Slack } from './slack.mts';

/** The type of credential that a node of n8n takes, where it has a choice with the authentication that the templates have. */
const credentialTypes: Record<string, string> = {
	'n8n-nodes-base.awsS3': 'aws',
	'n8n-nodes-base.dropbox': 'dropboxOAuth2Api',
	'n8n-nodes-base.emailSend': 'smtp',
	'n8n-nodes-base.gmail': 'gmailOAuth2',
	'n8n-nodes-base.googleDrive': 'googleDriveOAuth2Api',
	'n8n-nodes-base.microsoftOneDrive': 'microsoftOneDriveOAuth2Api',
	'n8n-nodes-base.slack': 'slackApi',
	'n8n-nodes-base.slackHitlTool': 'slackApi',
};

/** As after a sign-in in the browser. */
const signedIn = {
	clientId: 'client',
	clientSecret: 'secret',
	oauthTokenData: { access_token: 'access', refresh_token: 'refresh', token_type: 'Bearer' },
};

/** Accounts of one person with all services that the templates use, played by stand-ins. */
export class Accounts {
	readonly drive = new GoogleDrive();
	readonly dropbox = new Dropbox();
	readonly oneDrive = new OneDrive();
	readonly gmail = new Gmail();
	readonly slack = new Slack();
	readonly s3: S3;
	readonly mailServer: MailServer;
	readonly neighbours: Neighbours;
	readonly #credentials: Record<string, { id: string; name: string }> = {};

	/** @param buckets of S3 */
	static async open(...buckets: string[]): Promise<Accounts> {
		const [s3, mailServer] = [await S3.open(...buckets), await MailServer.open()];
		return await new Accounts(s3, mailServer).#listen();
	}

	private constructor(s3: S3, mailServer: MailServer) {
		this.s3 = s3;
		this.mailServer = mailServer;
		const { gmail, drive, dropbox, oneDrive, slack } = this;
		this.neighbours = new Neighbours([gmail, drive, dropbox, oneDrive, slack, s3]);
	}

	async #listen(): Promise<this> {
		await this.neighbours.open();
		return this;
	}

	/** Saves the credentials in an n8n. */
	async saveIn(client: N8nClient): Promise<void> {
		const data = {
			aws: s3Credential,
			dropboxOAuth2Api: { ...signedIn, accessType: 'folder' },
			gmailOAuth2: signedIn,
			googleDriveOAuth2Api: signedIn,
			microsoftOneDriveOAuth2Api: signedIn,
			slackApi: { accessToken: 'token' },
			smtp: this.mailServer.credential,
		};
		for (const [type, values] of Object.entries(data))
			this.#credentials[type] = await client.saveCredential(type, type, values);
	}

	/** What a node needs to reach its account; nothing where it has none. */
	credentialsOf({ type, parameters }: TestNode): Pick<TestNode, 'credentials'> {
		const own = (parameters as { nodeCredentialType?: string }).nodeCredentialType ?? credentialTypes[type];
		if (!own) return {};
		const { id, name } = this.#credentials[own];
		return { credentials: { [own]: { id, name } } };
	}

	/** Empties all but S3, and ends what fails. */
	clear(): void {
		this.neighbours.recover();
		for (const cloud of [this.drive, this.dropbox, this.oneDrive]) cloud.clear();
		for (const list of [this.gmail.mails, this.slack.messages, this.mailServer.mails]) list.length = 0;
		this.neighbours.unknown.length = 0;
	}

	async close(): Promise<void> {
		await Promise.all([this.neighbours.close(), this.s3.close(), this.mailServer.close()]);
	}
}
