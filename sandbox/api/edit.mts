import type { Account } from '../account/account.mts';
import type { ImageType } from '../account/profiles.mts';
import { imageTypes, type EditOrder, type Project } from '../account/project.mts';
import { readEditBody } from './editBody.mts';
import { badRequest, finding, unprocessable } from './errors.mts';
import { downloadList } from './filesList.mts';
import { projectOf } from './projects.mts';
import { editStage, resultsOf, statusAnswer } from './status.mts';
import type { AddCall } from './apiServer.mts';

export function addEditRoutes(addCall: AddCall, account: Account): void {
	addCall('edit', (call) => {
		const project = projectOf(account, call);
		const order = readEditBody(call.body);
		checkPhotos(project, order);
		account.startEdit(project, order);
		return { project_uuid: project.uuid, message: 'Project was sent to edit successfully' };
	});

	addCall('editStatus', (call) => {
		const project = projectOf(account, call);
		const look = account.appearance.edit(project);
		return { project_uuid: project.uuid, ...statusAnswer(look, editStage, account.settings) };
	});

	addCall('editLinks', (call) => {
		const look = account.appearance.edit(projectOf(account, call));
		return downloadList(account, call, resultsOf(look, editStage));
	});
}

/** The image type of a project's uploaded photos; 400 if there are none or of both types. */
export function imageTypeToEdit(project: Project): ImageType {
	const [type, ...others] = imageTypes(project);
	if (type === undefined) throw badRequest('Project has no uploaded photos.');
	if (others.length > 0) throw badRequest('RAW and JPEG photos cannot be edited in one project.');
	return type;
}

function checkPhotos(project: Project, { profile, tools }: EditOrder): void {
	const type = imageTypeToEdit(project);
	if (type !== profile.image_type) {
		throw badRequest(`Profile ${profile.profile_key} edits ${profile.image_type} photos only.`);
	}
	if (tools.hdr_output_compression !== undefined && type !== 'RAW') {
		throw unprocessable([finding('hdr_output_compression', 'hdr_output_compression is for RAW photos')]);
	}
}
