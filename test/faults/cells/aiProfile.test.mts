import { aiProfile } from '../scenarioCalls.mts';
import { matrix } from '../matrix.mts';

matrix('AI Profile', aiProfile);
