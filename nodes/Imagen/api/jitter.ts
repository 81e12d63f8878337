/** A random share, from 0 up to 1, by which a pause is made longer: what failed at the same instant is not repeated at the same instant. */
export const jitter = (): number => Math.random();
