import type { Account } from '../account/account.mts';
import { aiTools } from '../account/retouchTools.mts';
import type { Project, RetouchOrder, Version } from '../account/project.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import { notFound } from './errors.mts';
import { downloadList } from './filesList.mts';
import { projectOf } from './projects.mts';
import { readCopilotBody, readEnhanceBody, readEditingFlow, type RetouchBody } from './retouchBody.mts';
import { editStage, exportStage, resultsOf } from './status.mts';
import type { AddCall, Call } from './apiServer.mts';

/** Copilot: the finished images of a project, of either editing flow, retouched one by one. */
export function addRetouchRoutes(addCall: AddCall, account: Account): void {
	addCall('tools', (call) => {
		imagesOf(account, projectOf(account, call, readEditingFlow('query', call.query)));
		return { prompts: aiTools };
	});

	addCall('copilot', async (call) => await retouch(call, readCopilotBody(call.body)));

	addCall('enhance', async (call) => await retouch(call, readEnhanceBody(call.body)));

	const retouch = async (call: Call, { editingFlow, request, parentId }: RetouchBody) => {
		const project = projectOf(account, call, editingFlow);
		const image = imageOf(account, project, call);
		checkTool(request);
		const parent = versionOf(project, image, parentId);
		const { id, file } = await account.retouch(project, image, { request, parent });
		return { status: 'SUCCESS', version_id: id, enhanced_image_url: account.downloadLink(file) };
	};

	addCall('resetImage', (call) => {
		const project = projectOf(account, call, readEditingFlow('body', call.body));
		project.retouched.delete(imageOf(account, project, call).fileName);
	});

	addCall('finalize', (call) => {
		const project = projectOf(account, call, readEditingFlow('body', call.body));
		return downloadList(
			account,
			call,
			imagesOf(account, project).map((image) => project.retouched.get(image.fileName)?.at(-1)?.file ?? image),
		);
	});
}

/** The finished JPEGs of a project; 400 while there are none yet. */
function imagesOf({ appearance }: Account, project: Project): StoredFile[] {
	return project.editingFlow === 'I2I'
		? resultsOf(appearance.edit(project), editStage)
		: resultsOf(appearance.export(project), exportStage);
}

/** The image that a call's path names; 404 if the project has none of this name. */
function imageOf(account: Account, project: Project, { params }: Call): StoredFile {
	const image = imagesOf(account, project).find(({ fileName }) => fileName === params.file);
	if (!image) throw notFound(`Image "${params.file}" not found`);
	return image;
}

/** The version of an image that an id names, none for no id; 404 if the image has no such version. */
function versionOf({ retouched }: Project, { fileName }: StoredFile, id: number | null): Version | undefined {
	if (id === null) return undefined;
	const version = retouched.get(fileName)?.find((candidate) => candidate.id === id);
	if (!version) throw notFound(`Version ${id} not found`);
	return version;
}

function checkTool(request: RetouchOrder['request']): void {
	if (!('tool_id' in request)) return;
	const isTool = aiTools.some(({ enhancement_type }) => enhancement_type === request.tool_id);
	if (!isTool) throw notFound(`Tool ${request.tool_id} not found`);
}
