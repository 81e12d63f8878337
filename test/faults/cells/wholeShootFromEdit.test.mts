import { wholeShoot } from '../scenarioCalls.mts';
import { matrix } from '../matrix.mts';

matrix('A whole shoot', wholeShoot.slice(5));
