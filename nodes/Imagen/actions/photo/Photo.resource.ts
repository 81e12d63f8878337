import type { Resource } from '../shared/operation';
import { uploadOperation } from './upload.operation';

/** The Photo resource. */
export const photoResource: Resource = {
	name: 'Photo',
	description: 'The photos that you upload to a project',
	defaultOperation: 'upload',
	operations: { upload: uploadOperation },
};
