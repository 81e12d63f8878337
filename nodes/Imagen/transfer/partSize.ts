/** The size of a part, and of the largest file that goes up as a whole: 64 MiB, as in the SDKs. */
export const PART_BYTES = 64 * 1024 * 1024;
