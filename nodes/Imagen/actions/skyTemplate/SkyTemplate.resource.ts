import type { Resource } from '../shared/operation';
import { getAllOperation } from './getAll.operation';

/** The Sky Template resource. */
export const skyTemplateResource: Resource = {
	name: 'Sky Template',
	description: 'The skies that Sky Replacement can put in',
	defaultOperation: 'getAll',
	operations: { getAll: getAllOperation },
};
