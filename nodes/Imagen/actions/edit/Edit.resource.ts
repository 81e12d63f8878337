import { downloadOperation } from '../jobOperations/download.operation';
import { getDownloadLinksOperation } from '../jobOperations/getDownloadLinks.operation';
import { getStatusOperation } from '../jobOperations/getStatus.operation';
import { waitOperation } from '../jobOperations/wait.operation';
import type { Resource } from '../shared/operation';
import { startOperation } from './start.operation';

/** The Edit resource. */
export const editResource: Resource = {
	name: 'Edit',
	description: 'What Imagen does to the photos of a project',
	defaultOperation: 'start',
	operations: {
		start: startOperation,
		wait: waitOperation('edit'),
		download: downloadOperation('edit'),
		getDownloadLinks: getDownloadLinksOperation('edit'),
		getStatus: getStatusOperation('edit'),
	},
};
