import { aiProfile } from '../calls.mts';
import { matrix } from '../matrix.mts';

matrix('AI Profile', aiProfile);
