import type { Browser, Locator, Page } from 'playwright-core';
import { owner, type Workflow } from '../../support/n8n/n8nClient.mts';
import { Creator } from './creator.mts';
import { NodePanel } from './nodePanel.mts';

export type Theme = 'dark' | 'light';

const viewport = { width: 1280, height: 800 };

/** n8n's editor in a browser, with its owner signed in. */
export class Editor {
	static async open(browser: Browser, url: string, theme: Theme = 'light'): Promise<Editor> {
		const page = await browser.newPage({ viewport, baseURL: url, reducedMotion: 'reduce' });
		// Long enough for the first page on a busy machine.
		page.setDefaultTimeout(60_000);
		await page.addInitScript(`localStorage.setItem('N8N_THEME', '${theme}')`);
		// n8n asks before it leaves a workflow that is not saved.
		page.on('dialog', (dialog) => void dialog.accept());
		const editor = new Editor(page);
		await editor.#signIn();
		return editor;
	}

	readonly creator: Creator;
	readonly panel: NodePanel;

	private constructor(readonly page: Page) {
		this.creator = new Creator(page);
		this.panel = new NodePanel(page);
	}

	/** Opens a new workflow that begins with a manual trigger. */
	async newWorkflow(): Promise<void> {
		await this.page.goto('/workflow/new');
		await this.page.getByTestId('canvas-add-button').click();
		await this.creator.choose('Trigger manually');
		await this.page.getByTestId('execute-workflow-button').waitFor();
	}

	/** Adds a node by one of its actions, to which its panel opens. */
	async addAction(action: string): Promise<void> {
		await this.creator.open();
		await this.creator.search('Imagen');
		await this.creator.openActions('Imagen AI');
		await this.creator.choose(action);
		await this.panel.root.waitFor();
	}

	async openWorkflow({ id, nodes }: Workflow): Promise<void> {
		await this.page.goto(`/workflow/${id}`);
		await this.node(nodes[0].name).or(this.page.getByTestId('sticky')).first().waitFor();
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Names of all nodes on the canvas, notes left out. */
	async nodes(): Promise<string[]> {
		const nodes = await this.page.getByTestId('canvas-node').all();
		return await Promise.all(nodes.map(async (node) => (await node.getAttribute('data-node-name')) ?? ''));
	}

	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.panel.root.waitFor();
	}

	/** Runs the workflow by the button. Returns when this node has ended well or, where that is expected, with an error. */
	async runUntil(node: string, end: 'error' | 'success' = 'success'): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
		const mark = end === 'error' ? 'node-issues' : 'canvas-node-status-success';
		await this.node(node).getByTestId(mark).waitFor({ timeout: 90_000 });
	}

	async close(): Promise<void> {
		await this.page.close();
	}

	async #signIn(): Promise<void> {
		await this.page.goto('/signin');
		await this.page.fill('input[name="emailOrLdapLoginId"]', owner.email);
		await this.page.fill('input[name="password"]', owner.password);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.waitForURL((url) => url.pathname !== '/signin');
	}
}
