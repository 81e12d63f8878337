import { join } from 'node:path';
import type { Editor } from './editor.mts';
import { root } from '../../support/root.mts';

const folder = join(root, 'docs', 'images');

/** Takes a picture for the documentation, where `PICTURES` asks for them. */
export async function picture({ page }: Editor, name: string): Promise<void> {
	if (!process.env.PICTURES) return;
	// No pointer over a button, no ring around what was used last unless its list is open, no message that passes.
	await page.mouse.move(0, 0);
	const isListOpen = await page.locator('[role="option"]:visible').first().isVisible();
	if (!isListOpen) await page.evaluate('document.activeElement?.blur()');
	await page.screenshot({
		path: join(folder, `${name}.png`),
		animations: 'disabled',
		style: '.el-notification { visibility: hidden }',
	});
}
