import type { Account } from '../account/account.mts';
import { statusOf } from '../account/project.mts';
import { badRequest } from './errors.mts';
import { downloadList, fileNamed } from './filesList.mts';
import { projectOf } from './projects.mts';
import { editStage, exportStage, resultsOf, statusAnswer } from './status.mts';
import type { AddCall, Call } from './apiServer.mts';

export function addExportRoutes(addCall: AddCall, account: Account): void {
	addCall('export', (call) => {
		const project = projectOf(account, call);
		// What counts is how far the edit is, not what a status that lags says.
		if (statusOf(project.edit) !== 'Completed') throw badRequest(editStage.missing);
		const { callback_url: callbackUrl } = call.body;
		account.startExport(project, typeof callbackUrl === 'string' ? callbackUrl : undefined);
		return { project_uuid: project.uuid, message: 'Project was sent to export successfully' };
	});

	addCall('exportStatus', (call) => {
		const project = projectOf(account, call);
		const look = account.appearance.export(project);
		return { project_uuid: project.uuid, ...statusAnswer(look, exportStage, account.settings) };
	});

	addCall('exportLinks', (call) => {
		const look = account.appearance.export(projectOf(account, call));
		return downloadList(account, call, resultsOf(look, exportStage));
	});

	const resultOf = (call: Call) =>
		fileNamed(call, resultsOf(account.appearance.export(projectOf(account, call)), exportStage));
	addCall('exportLink', (call) => {
		const file = resultOf(call);
		return { file_name: file.fileName, download_link: account.downloadLink(file) };
	});
	addCall('replaceLink', (call) => {
		const file = resultOf(call);
		return { file_name: file.fileName, upload_link: account.replaceLink(file) };
	});
}
