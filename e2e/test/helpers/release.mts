import { printStep } from '../../progress.mts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../../workbench.mts';

/** The n8n that the tests run in, as `jest.config.cjs` gives it; none outside of tests, which is the pinned one. */
export const release = (globalThis as { n8nRelease?: string }).n8nRelease;

/** A workbench with that n8n. */
export async function openReleasedWorkbench(
	options: Omit<WorkbenchOptions, 'step' | 'version'>,
): Promise<Workbench> {
	return await openWorkbench({ step: printStep, version: release, ...options });
}
