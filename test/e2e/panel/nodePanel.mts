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
		await this.#options.filter({ has: this.#headline(option) }).click();
		await this.#options.first().waitFor({ state: 'hidden' });
	}

	parameter(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`);
	}

	/** Adds one of the parameters that a collection offers under its button, such as 'Add Option'. */
	async add(button: string, option: string): Promise<void> {
		await this.page.getByPlaceholder(button).click();
		await this.#options.getByText(option, { exact: true }).click();
		await this.#options.first().waitFor({ state: 'hidden' });
	}

	/** The choices of a parameter that Imagen is asked for. Its list stays open. */
	async choices(parameter: string): Promise<string[]> {
		// It can be opened once they are there.
		await this.parameter(parameter).locator('input:enabled').click();
		await this.#options.first().waitFor();
		return (await this.#options.allTextContents()).map((choice) => choice.trim());
	}

	/** Chooses from the choices that are open. */
	async chooseOf(choice: string): Promise<void> {
		await this.#options.getByText(choice, { exact: true }).click();
		await this.#options.first().waitFor({ state: 'hidden' });
	}

	/** The option that is chosen for a parameter. */
	async chosen(parameter: string): Promise<string> {
		return await this.parameter(parameter).locator('input').inputValue();
	}

	/** Whether a parameter that is a switch is on. */
	async isOn(parameter: string): Promise<boolean> {
		return await this.parameter(parameter).getByRole('switch').isChecked();
	}

	/** What is wrong with parameters, as the marks beside them tell it. */
	async issues(): Promise<number> {
		return await this.page.getByTestId('parameter-issues').count();
	}

	/** Sets a parameter that comes from the input to one that is chosen from a list. */
	async chooseByList(parameter: string): Promise<void> {
		await this.page
			.getByTestId(`${parameter}-parameter-input-options-container`)
			.getByTestId('radio-button-fixed')
			.click();
		await this.page.getByTestId(`resource-locator-${parameter}`).getByTestId('rlc-mode-selector').click();
		await this.#options.filter({ hasText: 'From list' }).click();
	}

	/** Opens the list of a parameter that is chosen from Imagen's own. Gives the names in it. */
	async openList(parameter: string): Promise<string[]> {
		await this.#list(parameter).click();
		const names = this.page.getByTestId('rlc-item');
		await names.first().or(this.page.getByText('No results')).waitFor();
		return (await names.allTextContents()).map((name) => name.trim());
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

	get outputPane(): Locator {
		return this.page.getByTestId('output-panel');
	}

	/** What the node gave out, as text. */
	async output(): Promise<string> {
		return await this.outputPane.innerText();
	}

	/** The same as JSON. */
	async outputAsJson(): Promise<string> {
		await this.outputPane.getByTestId('ndv-run-data-display-mode').getByText('JSON').click();
		// The editor fetches this view the first time that it is shown.
		await this.outputPane.locator('.vjs-tree-node').first().waitFor();
		return await this.output();
	}

	/** Opens the first file that the node gave out, which has to be a picture. */
	async viewFile(): Promise<void> {
		await this.outputPane.getByTestId('ndv-view-binary-data').first().click();
		const picture = this.page.locator('.binary-data-window-wrapper img');
		await picture.waitFor();
		await picture.evaluate('(picture) => picture.decode()');
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.root.waitFor({ state: 'hidden' });
	}

	/** What is listed under a field that is open. */
	get #options(): Locator {
		return this.page.locator('[role="option"]:visible');
	}

	#list(parameter: string): Locator {
		return this.page.getByTestId(`resource-locator-${parameter}`).getByTestId('rlc-input');
	}

	#headline(option: string): Locator {
		return this.page.locator('.option-headline').getByText(option, { exact: true });
	}
}
