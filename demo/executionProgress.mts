import type { ProjectView } from '../sandbox/api/controlRoutes.mts';
import type { SandboxControl } from '../sandbox/sandboxControl.mts';
import type { Execution } from '../test/support/n8n/n8nClient.mts';
import { spin } from '../test/support/terminal.mts';

/** Shows a running workflow: a line for each node that has ended, and below them the state of Imagen's projects. */
export function showProgress(imagen: SandboxControl) {
	const title = 'Running the workflow in n8n';
	const spinner = spin(title);
	const shown = new Set<string>();
	return {
		update: async ({ runs }: Execution) => {
			for (const name of Object.keys(runs).filter((name) => !shown.has(name))) {
				shown.add(name);
				console.log(`  ${name}`);
			}
			spinner.text = (await imagen.projects()).map(describeProject).join('   ') || title;
		},
		end: () => {
			spinner.stop();
		},
	};
}

function describeProject({ name, photos, edit_status, export_status }: ProjectView): string {
	const uploaded = photos.filter(({ bytes }) => bytes !== null).length;
	if (export_status !== 'Pending') return `${name}: export ${export_status}`;
	if (edit_status !== 'Pending') return `${name}: edit ${edit_status}`;
	return `${name}: ${uploaded} of ${photos.length} photos uploaded`;
}
