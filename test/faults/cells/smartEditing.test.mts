import { smartEditing } from '../flows.mts';
import { matrix } from '../matrix.mts';

matrix('Smart Editing', smartEditing);
