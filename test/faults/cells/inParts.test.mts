import { inParts } from '../flows.mts';
import { matrix } from '../matrix.mts';

matrix('Smart Editing, in parts', inParts);
