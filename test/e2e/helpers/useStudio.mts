import type { Studio } from '../../support/studio.mts';

const INSTALLING_MINUTES = 20;

/** Opens a studio before the tests and closes it after them; `prepare` gets it once it is open. */
export function useStudio<AnyStudio extends Studio>(
	open: () => Promise<AnyStudio>,
	prepare: (studio: AnyStudio) => unknown,
): void {
	let studio: AnyStudio | undefined;

	beforeAll(async () => {
		studio = await open();
		await prepare(studio);
	}, INSTALLING_MINUTES * 60_000);

	afterAll(async () => await studio?.close());
}
