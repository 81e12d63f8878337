import type { Account } from '../account/account.mts';
import type { Project } from '../account/project.mts';
import { imageTypeToEdit } from './edit.mts';
import { downloadList } from './filesList.mts';
import { createProject, describeAny, listProjects, projectOf } from './projects.mts';
import type { AddCall, Call } from './apiServer.mts';
import { readSmartBody } from './smartBody.mts';
import { editStage, resultsOf, wordFor } from './status.mts';

/** Smart Editing: projects of their own, edited from image to image without a profile. */
export function addSmartRoutes(addCall: AddCall, account: Account): void {
	const smartProjectOf = (call: Call) => projectOf(account, call, 'I2I');
	const describe = (project: Project) => describeSmart(account, project);

	addCall('smartCreate', (call) => createProject(account, call, 'I2I'));

	addCall('smartProjects', (call) => listProjects(account, call, 'I2I', describe));

	addCall('smartProject', (call) => describe(smartProjectOf(call)));

	addCall('smartEdit', (call) => {
		const project = smartProjectOf(call);
		const order = readSmartBody(call.body);
		imageTypeToEdit(project);
		account.startSmartEdit(project, order);
		return { project_uuid: project.uuid, message: 'Project was sent to edit successfully' };
	});

	addCall('smartLinks', (call) => {
		const look = account.appearance.edit(smartProjectOf(call));
		return downloadList(account, call, resultsOf(look, editStage));
	});
}

/** A project of Smart Editing, which carries its state itself. */
function describeSmart(account: Account, project: Project) {
	const { settings, appearance } = account;
	const look = appearance.edit(project);
	return {
		...describeAny(account, project),
		...look.state,
		status: wordFor(look, editStage, settings),
	};
}
