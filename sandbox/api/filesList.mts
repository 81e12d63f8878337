import type { Account } from '../account/account.mts';
import type { StoredFile } from '../storage/fileStore.mts';

/** Files with a temporary link to each, as every call lists them that gives links to download. */
export function downloadList(account: Account, files: StoredFile[]) {
	return {
		files_list: files.map((file) => ({
			file_name: file.fileName,
			download_link: account.downloadLink(file),
		})),
	};
}
