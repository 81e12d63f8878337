import { wholeShoot } from '../calls.mts';
import { matrix } from '../matrix.mts';

matrix('A whole shoot', wholeShoot, [1]);
