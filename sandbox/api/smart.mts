import type { Account } from '../account/account.mts';
import { stateOf, type Project } from '../account/project.mts';
import { editedFiles, imageTypeToEdit } from './edit.mts';
import { downloadList } from './filesList.mts';
import { createProject, listProjects, projectOf } from './projects.mts';
import type { AddCall, Call } from './apiServer.mts';
import { readSmartBody } from './smartBody.mts';

/** Smart Editing: projects of their own, edited from image to image without a profile. */
export function addSmartRoutes(addCall: AddCall, account: Account): void {
	const smartProjectOf = (call: Call) => projectOf(account, call, 'I2I');

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

	addCall('smartLinks', (call) => downloadList(account, editedFiles(smartProjectOf(call))));
}

/** A project of Smart Editing, which carries its state itself. */
function describe(project: Project) {
	return {
		project_uuid: project.uuid,
		name: project.name,
		created_at: project.createdAt.toISOString(),
		number_of_images: project.photos.size,
		...stateOf(project.edit),
	};
}
