import type { Locator, Page } from 'playwright-core';

/** The dialog in which a credential is entered; n8n tests it when it is saved. */
export class CredentialDialog {
	readonly root: Locator;

	constructor(private readonly page: Page) {
		this.root = page.getByTestId('editCredential-modal');
	}

	/** Enters the address of a sandbox or a proxy. */
	async enterUrl(url: string): Promise<void> {
		await this.#field('environment').click();
		const options = this.page.locator('[role="option"]:visible');
		await options.filter({ hasText: 'Custom' }).click();
		await options.first().waitFor({ state: 'hidden' });
		await this.#field('customUrl').locator('input').fill(url);
	}

	async enterKey(key: string): Promise<void> {
		await this.#field('apiKey').locator('input').fill(key);
	}

	async save(): Promise<void> {
		await this.root.getByTestId('credential-save-button').click();
	}

	/** What the dialog says is wrong, with its details. */
	async problem(): Promise<string> {
		const title = this.root.getByText('Couldn’t connect with these settings');
		await title.waitFor();
		await this.root.getByText('More details').click();
		return await this.root.innerText();
	}

	/** The dialog closes by itself when the credential works. */
	async works(): Promise<void> {
		await this.page.getByText('Credential saved').first().waitFor();
		await this.root.waitFor({ state: 'hidden' });
	}

	#field(name: string): Locator {
		return this.root.getByTestId(`parameter-input-${name}`);
	}
}
