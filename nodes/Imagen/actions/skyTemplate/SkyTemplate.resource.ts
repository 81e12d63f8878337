import type { Resource } from '../shared/operation';
import { getAllOperation } from './getAll.operation';

/** The Sky Template resource. */
export const skyTemplateResource: Resource = {
	name: 'Sky Template',
	description: 'The skies for Sky Replacement',
	defaultOperation: 'getAll',
	operations: { getAll: getAllOperation },
};
