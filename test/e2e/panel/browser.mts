import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Starts the Chromium that is installed, without a window. Throws with how to install one. */
export async function openBrowser(): Promise<Browser> {
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({
		executablePath: installedChromium(),
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
}

function installedChromium(): string {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
	if (found) return found;
	throw new Error(
		'The panel is tested in Chromium, which is not installed. On Debian: apt-get install --no-install-recommends chromium',
	);
}
