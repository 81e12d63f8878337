import type { Locator, Page } from 'playwright-core';
import { CredentialDialog } from './credentialDialog.mts';

/** The panel of one node: its parameters, and what it gave out. */
export class NodePanel {
	readonly root: Locator;

	constructor(private readonly page: Page) {
		this.root = page.getByTestId('ndv');
	}

	/** Labels of the parameters as they stand, from top to bottom. */
	async labels(): Promise<string[]> {
		const labels = this.page.getByTestId('node-parameters').locator('label .n8n-text:visible');
		return (await labels.allTextContents()).map((label) => label.trim());
	}

	/** Chooses an option of a parameter. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.parameter(parameter).click();
		await this.page
			.locator('[role="option"]:visible')
			.filter({ has: this.#headline(option) })
			.click();
		await this.page.locator('[role="option"]:visible').first().waitFor({ state: 'hidden' });
	}

	parameter(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`);
	}

	/** Opens the list of a parameter that is chosen from Imagen's own. Gives the names in it. */
	async openList(parameter: string): Promise<string[]> {
		await this.#list(parameter).click();
		await this.page.getByTestId('rlc-item').first().waitFor();
		return (await this.page.getByTestId('rlc-item').allTextContents()).map((name) => name.trim());
	}

	/** Chooses from the list that is open. */
	async chooseFromList(name: string): Promise<void> {
		await this.page.getByTestId('rlc-item').getByText(name, { exact: true }).click();
	}

	/** What is chosen from a list. */
	async chosenFromList(parameter: string): Promise<string> {
		return await this.#list(parameter).inputValue();
	}

	/** Begins a new credential for the node. */
	async newCredential(): Promise<CredentialDialog> {
		await this.page.getByTestId('node-credentials-select').click();
		await this.page.getByTestId('node-credentials-select-item-new').click();
		return new CredentialDialog(this.page);
	}

	/** The credential that is chosen. */
	async credential(): Promise<string> {
		return await this.page.getByTestId('node-credentials-select').locator('input').inputValue();
	}

	/** What the node gave out, as text. */
	async output(): Promise<string> {
		return await this.page.getByTestId('output-panel').innerText();
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}

	#list(parameter: string): Locator {
		return this.page.getByTestId(`resource-locator-${parameter}`).getByTestId('rlc-input');
	}

	#headline(option: string): Locator {
		return this.page.locator('.option-headline').getByText(option, { exact: true });
	}
}
