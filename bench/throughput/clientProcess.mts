import type { Transfer } from './transfer.mts';
import { serve } from './taskProcess.mts';

/** The process of a client without n8n. The module it is started with says how it moves photos. */
const { transfer } = (await import(process.argv[2])) as { transfer: (order: Transfer) => Promise<void> };

serve({ transfer });
