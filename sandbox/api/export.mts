import type { Account } from '../account/account.mts';
import { stateOf, type Project } from '../account/project.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import { badRequest } from './errors.mts';
import { downloadList } from './filesList.mts';
import { projectOf } from './projects.mts';
import type { AddCall } from './apiServer.mts';

export function addExportRoutes(addCall: AddCall, account: Account): void {
	addCall('export', (call) => {
		const project = projectOf(account, call);
		if (stateOf(project.edit).status !== 'Completed') throw badRequest('Project has not been edited yet.');
		const { callback_url: callbackUrl } = call.body;
		account.startExport(project, typeof callbackUrl === 'string' ? callbackUrl : undefined);
		return { project_uuid: project.uuid, message: 'Project was sent to export successfully' };
	});

	addCall('exportStatus', (call) => {
		const project = projectOf(account, call);
		if (!project.export) throw badRequest('Project has not been exported yet.');
		return { project_uuid: project.uuid, ...stateOf(project.export) };
	});

	addCall('exportLinks', (call) => {
		return downloadList(account, exportedFiles(projectOf(account, call)));
	});
}

/** The JPEGs of a project's export; 400 unless it is completed. */
export function exportedFiles(project: Project): StoredFile[] {
	if (stateOf(project.export).status !== 'Completed') throw badRequest('Project has not been exported yet.');
	return project.exported;
}
