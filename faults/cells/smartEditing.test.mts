import { smartEditing } from '../calls.mts';
import { matrix } from '../matrix.mts';

matrix('Smart Editing', smartEditing);
