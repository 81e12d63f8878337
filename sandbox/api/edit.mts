import type { Account } from '../account/account.mts';
import { imageTypes, stateOf, uploadedPhotos, type EditOrder, type Project } from '../account/project.mts';
import { readEditBody } from './editBody.mts';
import { badRequest, finding, unprocessable } from './errors.mts';
import { projectOf } from './projects.mts';
import type { AddCall } from './server.mts';

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
		return { project_uuid: project.uuid, ...stateOf(project.edit) };
	});

	addCall('editLinks', (call) => {
		const project = projectOf(account, call);
		if (stateOf(project.edit).status !== 'Completed') throw badRequest('Project has not been edited yet.');
		return {
			files_list: project.edited.map(({ file }) => ({
				file_name: file.fileName,
				download_link: account.downloadLink(file),
			})),
		};
	});
}

function checkPhotos(project: Project, { profile, tools }: EditOrder): void {
	if (uploadedPhotos(project).length === 0) throw badRequest('Project has no uploaded photos.');
	const types = imageTypes(project);
	if (types.size > 1) throw badRequest('RAW and JPEG photos cannot be edited in one project.');
	if (!types.has(profile.image_type)) {
		throw badRequest(`Profile ${profile.profile_key} edits ${profile.image_type} photos only.`);
	}
	if (tools.hdr_output_compression !== undefined && !types.has('RAW')) {
		throw unprocessable([finding('hdr_output_compression', 'hdr_output_compression is for RAW photos')]);
	}
}
