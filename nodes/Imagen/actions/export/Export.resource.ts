import { downloadOperation } from '../jobOperations/download.operation';
import { getDownloadLinksOperation } from '../jobOperations/getDownloadLinks.operation';
import { getStatusOperation } from '../jobOperations/getStatus.operation';
import { waitOperation } from '../jobOperations/wait.operation';
import type { Resource } from '../shared/operation';
import { replacePhotoOperation } from './replacePhoto.operation';
import { startOperation } from './start.operation';

/** The Export resource. */
export const exportResource: Resource = {
	name: 'Export',
	description: 'The edited photos as JPEGs',
	defaultOperation: 'start',
	operations: {
		start: startOperation,
		wait: waitOperation('export'),
		download: downloadOperation('export'),
		getDownloadLinks: getDownloadLinksOperation('export'),
		getStatus: getStatusOperation('export'),
		replacePhoto: replacePhotoOperation,
	},
};
