/** How long an answer of the API may take. Links for thousands of photos take a while. */
export const API_TIMEOUT_MS = 120_000;

/** The same for calls that answer when the work is done. */
export const RETOUCH_TIMEOUT_MS = 300_000;

/** Nothing moving for this long ends a transfer. A slow line is no reason: the clock starts again with every byte. */
export const IDLE_TIMEOUT_MS = 300_000;

/** The size of a part, and of the largest file that goes up as a whole: 64 MiB, as in the SDKs. */
export const PART_BYTES = 64 * 1024 * 1024;
