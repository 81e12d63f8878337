import { join } from 'node:path';
import type { PageScreenshotOptions } from 'playwright-core';
import type { Editor } from './editor.mts';
import { root } from '../../support/root.mts';

const folder = join(root, 'docs', 'images');

/** Takes a picture for the documentation, where `PICTURES` asks for them. @param hidden what it leaves out, as selectors */
export async function picture({ page }: Editor, name: string, hidden: string[] = []): Promise<void> {
	if (!process.env.PICTURES) return;
	// No pointer over a button, no ring around what was used last unless its list is open.
	await page.mouse.move(0, 0);
	const isListOpen = await page.locator('[role="option"]:visible').first().isVisible();
	if (!isListOpen) await page.evaluate('document.activeElement?.blur()');
	await page.screenshot(optionsFor(name, hidden));
}

/** Takes a picture of what a node gave out alone, with room for all of its tabs. */
export async function outputPicture({ page, panel }: Editor, name: string): Promise<void> {
	if (!process.env.PICTURES) return;
	const viewport = page.viewportSize()!;
	await page.setViewportSize({ ...viewport, width: 1600 });
	await page.mouse.move(0, 0);
	await panel.outputPane.screenshot(optionsFor(name));
	await page.setViewportSize(viewport);
}

/** Messages that pass, what n8n leaves of hints that are closed, and the next node at the edge of an open one. */
const passing = ['.el-notification', '#cm-tooltip-container', '[data-node-placement]'];

/** Over a template: n8n's marks for what is still to choose, and the buttons that lie over nodes. */
export const overTemplates = ['[data-test-id="node-issues"]', '[class*="executionButtons"]'];

const optionsFor = (name: string, hidden: string[] = []): PageScreenshotOptions => ({
	path: join(folder, `${name}.png`),
	animations: 'disabled',
	style: `${[...passing, ...hidden].join(', ')} { visibility: hidden !important }`,
});
