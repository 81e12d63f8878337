/** In the soak, time runs so many times as fast for the nodes. */
export const SPEED = 20;
