import { printStep } from '../../support/progress.mts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../../support/workbench.mts';

/** The n8n that the tests run in, as `jest.config.cjs` gives it; none outside of tests, which is the pinned one. */
export const release = (globalThis as { n8nRelease?: string }).n8nRelease;

/** A workbench with that n8n, set up as the README advises: n8n 1 keeps photos in memory unless it is told not to. */
export async function openReleasedWorkbench({
	env,
	...options
}: Omit<WorkbenchOptions, 'step' | 'version'>): Promise<Workbench> {
	return await openWorkbench({
		step: printStep,
		version: release,
		env: { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem', ...env },
		...options,
	});
}
