import type { Resource } from '../shared/operation';
import { editPhotosOperation } from './editPhotos.operation';
import { previewOperation } from './preview.operation';

/** The Shoot resource. */
export const shootResource: Resource = {
	name: 'Shoot',
	description: 'A whole shoot in one node, from photos to results',
	defaultOperation: 'editPhotos',
	operations: { editPhotos: editPhotosOperation, preview: previewOperation },
};
