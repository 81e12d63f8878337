import type { Resource } from '../shared/operation';
import { editPhotosOperation } from './editPhotos.operation';

/** The Shoot resource. */
export const shootResource: Resource = {
	name: 'Shoot',
	description: 'All in one step, from photos to results',
	defaultOperation: 'editPhotos',
	operations: { editPhotos: editPhotosOperation },
};
