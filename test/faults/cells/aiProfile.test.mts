import { aiProfile } from '../flows.mts';
import { matrix } from '../matrix.mts';

matrix('AI Profile', aiProfile);
