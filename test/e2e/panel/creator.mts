import type { Locator, Page } from 'playwright-core';

/** The list at the right in which nodes and their actions are found. */
export class Creator {
	constructor(private readonly page: Page) {}

	async open(): Promise<void> {
		await this.page.getByTestId('node-creator-plus-button').click();
	}

	async search(text: string): Promise<void> {
		await this.page.getByTestId('node-creator-search-bar').fill(text);
		// The list is filtered a moment after the last key.
		await this.page.waitForTimeout(500);
	}

	/** Names of what is listed: nodes, or the actions of the node that was chosen. */
	async names(): Promise<string[]> {
		const names = this.page.getByTestId('node-creator-item-name');
		await names.first().waitFor();
		return (await names.allTextContents()).map((name) => name.trim());
	}

	/** Chooses a node, and waits for the list of its actions. */
	async openActions(node: string): Promise<void> {
		await this.choose(node);
		await this.#item(node).waitFor({ state: 'detached' });
	}

	async choose(name: string): Promise<void> {
		await this.#item(name).click();
	}

	#item(name: string): Locator {
		return this.page
			.getByTestId('node-creator-item-name')
			.filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) });
	}
}
