/** How many times as fast time runs for the nodes in the soak. */
export const TIME_SCALE = 20;
