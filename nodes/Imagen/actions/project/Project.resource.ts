import type { Resource } from '../shared/operation';
import { createOperation } from './create.operation';
import { getOperation } from './get.operation';
import { getAllOperation } from './getAll.operation';

/** The Project resource. */
export const projectResource: Resource = {
	name: 'Project',
	description: 'The photos of one shoot',
	defaultOperation: 'create',
	operations: { create: createOperation, get: getOperation, getAll: getAllOperation },
};
