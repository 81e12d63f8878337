import type { Account } from '../account/account.mts';
import type { StoredFile } from '../storage/fileStore.mts';
import type { Call } from './apiServer.mts';
import { notFound, unprocessable } from './errors.mts';
import { pageOf, readPage } from './paging.mts';

/** The file that a call's query names; 404 if it is none of these. */
export function fileNamed({ query }: Call, files: StoredFile[]): StoredFile {
	const { file_name: name } = query;
	if (!name)
		throw unprocessable([
			{ loc: ['query', 'file_name'], msg: 'field required', type: 'value_error.missing' },
		]);
	const file = files.find(({ fileName }) => fileName === name);
	if (!file) throw notFound(`Image "${name}" not found`);
	return file;
}

/** Files with a temporary link to each, as every call lists them that gives links to download: all, or a page of them. */
export function downloadList(account: Account, { query }: Call, files: StoredFile[]) {
	const linked = (file: StoredFile) => ({
		file_name: file.fileName,
		download_link: account.downloadLink(file),
	});
	const { linksPerPage } = account.settings;
	if (linksPerPage === 0) return { files_list: files.map(linked) };
	const { items, pagination } = pageOf(files, { size: linksPerPage, page: readPage(query) });
	return { files_list: items.map(linked), pagination };
}
