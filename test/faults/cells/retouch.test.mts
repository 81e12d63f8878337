import { retouch } from '../scenarioCalls.mts';
import { matrix } from '../matrix.mts';

matrix('Retouch', retouch);
