import type { IExecuteFunctions } from 'n8n-workflow';

import { projectLabel } from '../../api/projectRef';
import { addNextStep } from '../../errors/imagenErrors';
import { knownStart } from '../../jobs/ledger';
import type { OpenShoot } from './shoots';

/** What another run of the node would do. */
type AnotherRun =
	| { uses: 'this project' }
	/** Completes `set ...`: with what the project would be used. */
	| { uses: 'this project if set'; set: string }
	| { uses: 'a new project' };

/** Whether another run of the node would find the project of a shoot again. A run without its name makes a new project, which is billed. */
function anotherRun({ shoot, project }: OpenShoot): AnotherRun {
	const isNamed = shoot.name !== '' && shoot.name === project.name;
	if (isNamed && shoot.ifNameExists === 'useExisting') return { uses: 'this project' };
	const useExisting = "'If Name Exists' to Use Existing";
	if (isNamed) return { uses: 'this project if set', set: useExisting };
	if (!shoot.isOnly || !project.name) return { uses: 'a new project' };
	return {
		uses: 'this project if set',
		set: `'Project Name' to ${projectLabel(project)} and ${useExisting}`,
	};
}

/** How to continue with a project whose photos did not all arrive. */
export function howToContinue(entry: OpenShoot): string {
	const run = anotherRun(entry);
	switch (run.uses) {
		case 'this project':
			return 'Run this node again (Execute step).';
		case 'this project if set':
			return `To continue with this project, set ${run.set} and run this node again (Execute step).`;
		case 'a new project':
			return 'Run this node again (Execute step): it makes a new project.';
	}
}

/** How to run a shoot again without paying; undefined where there is nothing to set. */
export function howToRunAgain(entry: OpenShoot): string | undefined {
	const run = anotherRun(entry);
	return run.uses === 'this project if set' ? `To run this again without paying, set ${run.set}` : undefined;
}

/** Adds to an error what has to be set before the node is run again, where an edit was started: errors advise it, and it could be billed. */
export function addHowToRunAgain(context: IExecuteFunctions, error: unknown, entry: OpenShoot): void {
	if (!knownStart(context, 'edit', entry.project)) return;
	const run = anotherRun(entry);
	if (run.uses === 'this project if set')
		addNextStep(error, `Before you run this node again, set ${run.set}: then it uses this project.`);
	if (run.uses === 'a new project')
		addNextStep(
			error,
			`Get the results of project ${projectLabel(entry.project)} with Download edited photos: another run of this node makes a new project, which is billed.`,
		);
}
