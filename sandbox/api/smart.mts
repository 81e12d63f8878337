import type { Account } from '../account/account.mts';
import { uploadedPhotos, type Project } from '../account/project.mts';
import { imageTypeToEdit } from './edit.mts';
import { ApiError, errorBody, unprocessable } from './errors.mts';
import { downloadList, fileNamed } from './filesList.mts';
import { createProject, describeAny, listProjects, projectOf } from './projects.mts';
import type { AddCall, Call } from './apiServer.mts';
import { readSmartBody } from './smartBody.mts';
import { editStage, resultsOf, wordFor } from './status.mts';

/** Smart Editing: projects of their own, edited from image to image without a profile. */
export function addSmartRoutes(addCall: AddCall, account: Account): void {
	const smartProjectOf = (call: Call) => projectOf(account, call, 'I2I');
	const describe = (project: Project, query: Call['query']) => describeSmart(account, project, query);

	addCall('smartCreate', (call) => createProject(account, call, 'I2I'));

	addCall('smartProjects', (call) => listProjects(account, call, 'I2I', describe));

	addCall('smartNameCheck', ({ query }) => ({ is_valid: !account.projectNamed(query.name ?? '') }));

	addCall('smartProject', (call) => describe(smartProjectOf(call), call.query));

	addCall('smartEdit', (call) => {
		const project = smartProjectOf(call);
		requireJson(call);
		const order = readSmartBody(call.body);
		requireEnoughPhotos(account, project);
		imageTypeToEdit(project);
		account.startSmartEdit(project, order);
		return { project_uuid: project.uuid, message: 'Project was sent to edit successfully' };
	});

	addCall('smartLinks', (call) => {
		const look = account.appearance.edit(smartProjectOf(call));
		return downloadList(account, call, resultsOf(look, editStage));
	});

	const resultOf = (call: Call) =>
		fileNamed(call, resultsOf(account.appearance.edit(smartProjectOf(call)), editStage));
	addCall('smartLink', (call) => ({ download_link: account.downloadLink(resultOf(call)) }));
	addCall('smartReplaceLink', (call) => {
		const file = resultOf(call);
		return { file_name: file.fileName, upload_link: account.replaceLink(file) };
	});
}

/** Every client that sends a body here calls it `application/json`, unlike to the edit of the other flow. */
function requireJson({ contentType }: Call): void {
	if (contentType !== undefined && !contentType.startsWith('application/json'))
		throw unprocessable([{ loc: ['body'], msg: 'value is not a valid dict', type: 'type_error.dict' }]);
}

/** With fewer photos than it needs, the API breaks. */
function requireEnoughPhotos({ settings }: Account, project: Project): void {
	const least = Math.max(1, settings.leastSmartPhotos);
	if (uploadedPhotos(project).length < least) throw new ApiError(500, errorBody(500));
}

/** A project of Smart Editing, which carries its state itself. */
function describeSmart(account: Account, project: Project, query: Call['query']) {
	const { settings, appearance } = account;
	const look = appearance.edit(project);
	return {
		...describeAny(
			account,
			project,
			query,
			project.edited.map(({ file }) => file),
		),
		...look.state,
		status: wordFor(look, editStage, settings),
	};
}
