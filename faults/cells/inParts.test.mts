import { inParts } from '../calls.mts';
import { matrix } from '../matrix.mts';

matrix('Smart Editing, in parts', inParts);
