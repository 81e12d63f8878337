import type { Account } from '../account/account.mts';
import type { Upload } from '../storage/uploads.mts';
import { checkText } from './bodyChecks.mts';
import { badRequest, finding, notFound, unprocessable, type Finding } from './errors.mts';
import { refuseUnsupported } from './photos.mts';
import { projectOf } from './projects.mts';
import type { AddCall, Call } from './apiServer.mts';

/** As on S3. */
const mostParts = 10_000;
/** As on S3; the last part may be smaller. */
const smallestPart = 5 * 1024 * 1024;

/** Photos of Smart Editing in parts: begin, a PUT for each part, complete or abort. */
export function addMultipartRoutes(addCall: AddCall, account: Account): void {
	addCall('multipartBegin', (call) => {
		const project = projectOf(account, call, 'I2I');
		const { fileName, partCount } = readBegin(call.body);
		refuseUnsupported([fileName]);
		const upload = account.beginUpload(project, fileName, partCount);
		return {
			upload_id: upload.id,
			key: upload.file.key,
			parts: partNumbers(upload).map((part_number) => ({
				part_number,
				upload_url: account.partLink(upload, part_number),
			})),
		};
	});

	addCall('multipartComplete', async (call) => {
		const upload = openUploadOf(account, call);
		const fileName = readText(call.body, 'file_name');
		if (fileName !== upload.file.fileName) throw badRequest(`The upload is not of file "${fileName}".`);
		checkParts(upload);
		await account.completeUpload(upload);
		return { file_name: fileName };
	});

	addCall('multipartAbort', async (call) => {
		const upload = openUploadOf(account, call);
		if (readText(call.body, 'key') !== upload.file.key) throw noSuchUpload();
		await account.abortUpload(upload);
	});
}

/** The upload that a call's path names; 404 if it is not there, not of this project, or has ended. */
function openUploadOf(account: Account, call: Call): Upload {
	const project = projectOf(account, call, 'I2I');
	const upload = account.upload(call.params.upload);
	if (upload?.file.projectUuid !== project.uuid || upload.state !== 'open') throw noSuchUpload();
	return upload;
}

function checkParts(upload: Upload): void {
	for (const number of partNumbers(upload)) {
		const bytes = upload.parts.get(number);
		if (bytes === undefined) throw badRequest(`InvalidPart: Part ${number} has not been uploaded.`);
		if (bytes < smallestPart && number < upload.partCount) {
			throw badRequest(`EntityTooSmall: Part ${number} is smaller than the minimum allowed size.`);
		}
	}
}

function partNumbers({ partCount }: Upload): number[] {
	return Array.from({ length: partCount }, (_, index) => index + 1);
}

function readBegin(body: Record<string, unknown>): { fileName: string; partCount: number } {
	const { file_name: fileName, part_count: partCount } = body;
	const findings = [...checkText(body, 'file_name'), ...checkPartCount(partCount)];
	if (findings.length > 0) throw unprocessable(findings);
	return { fileName: fileName as string, partCount: partCount as number };
}

function readText(body: Record<string, unknown>, name: string): string {
	const findings = checkText(body, name);
	if (findings.length > 0) throw unprocessable(findings);
	return body[name] as string;
}

function checkPartCount(count: unknown): Finding[] {
	const isCount = Number.isInteger(count) && (count as number) >= 1 && (count as number) <= mostParts;
	return isCount ? [] : [finding('part_count', `value must be from 1 to ${mostParts}`, 'value_error.number')];
}

function noSuchUpload() {
	return notFound('Multipart upload not found');
}
