import type { Resource } from '../shared/operation';
import { getOperation } from './get.operation';
import { getAllOperation } from './getAll.operation';

/** The Profile resource. */
export const profileResource: Resource = {
	name: 'Profile',
	description: 'The style that Imagen edits in',
	defaultOperation: 'getAll',
	operations: { get: getOperation, getAll: getAllOperation },
};
