import type { Transfer } from './client.mts';
import { serve } from './worker.mts';

/** The process of a client without n8n. How it moves photos is in the module that it is started with. */
const { transfer } = (await import(process.argv[2])) as { transfer: (order: Transfer) => Promise<void> };

serve({ transfer });
