import { smartEditing } from '../scenarioCalls.mts';
import { matrix } from '../matrix.mts';

matrix('Smart Editing', smartEditing);
