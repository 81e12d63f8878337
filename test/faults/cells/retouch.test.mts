import { retouch } from '../flows.mts';
import { matrix } from '../matrix.mts';

matrix('Retouch', retouch);
