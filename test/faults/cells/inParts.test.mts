import { inParts } from '../scenarioCalls.mts';
import { matrix } from '../matrix.mts';

matrix('Smart Editing, in parts', inParts);
