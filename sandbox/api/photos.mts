import type { Account } from '../account/account.mts';
import { imageTypeOf } from '../account/formats.mts';
import type { Project } from '../account/project.mts';
import { ApiError, badRequest, errorBody, finding, unprocessable, type Finding } from './errors.mts';
import { projectOf } from './projects.mts';
import type { AddCall, Call } from './apiServer.mts';

interface FileRequest {
	file_name: string;
	md5?: string | null;
}

export function addPhotoRoutes(addCall: AddCall, account: Account): void {
	const uploadList = (project: Project, { body }: Call) => {
		const files = readFilesList(body.files_list);
		const { largestLinksRequest: most } = account.settings;
		if (most > 0 && files.length > most) throw new ApiError(413, errorBody(413));
		refuseRepeatedNames(files);
		refuseUnsupported(files.map(({ file_name }) => file_name));
		return {
			files_list: files.map(({ file_name, md5 }) => ({
				file_name,
				upload_link: account.uploadLink(project, file_name, md5 ?? undefined),
			})),
		};
	};

	addCall('uploadLinks', (call) => uploadList(projectOf(account, call), call));
	addCall('smartUploadLinks', (call) => uploadList(projectOf(account, call, 'I2I'), call));
}

/** 400 for the first file that the API does not edit. */
export function refuseUnsupported(fileNames: string[]): void {
	const unsupported = fileNames.find((name) => !imageTypeOf(name));
	if (unsupported !== undefined) throw badRequest(`File "${unsupported}" has an unsupported extension.`);
}

function readFilesList(list: unknown): FileRequest[] {
	if (!Array.isArray(list))
		throw unprocessable([finding('files_list', 'field required', 'value_error.missing')]);
	const findings = list.flatMap((file: unknown, index) => checkFile(file, index));
	if (findings.length > 0) throw unprocessable(findings);
	return list as FileRequest[];
}

function checkFile(file: unknown, index: number): Finding[] {
	const { file_name: name, md5 } = (file ?? {}) as Partial<Record<keyof FileRequest, unknown>>;
	const findings: Finding[] = [];
	const add = (field: string, msg: string, type: string) =>
		findings.push({ loc: ['body', 'files_list', index, field], msg, type });
	if (typeof name !== 'string' || name === '') add('file_name', 'str type expected', 'type_error.str');
	if ((md5 ?? undefined) !== undefined && !isMd5(md5))
		add('md5', 'base64 of an MD5 digest expected', 'value_error');
	return findings;
}

function isMd5(value: unknown): boolean {
	return typeof value === 'string' && /^[A-Za-z0-9+/]{22}==$/.test(value);
}

function refuseRepeatedNames(files: FileRequest[]): void {
	const counts = new Map<string, number>();
	for (const { file_name } of files) counts.set(file_name, (counts.get(file_name) ?? 0) + 1);
	for (const [name, count] of counts) {
		if (count > 1) throw badRequest(`File "${name}" appears ${count} times.`);
	}
}
