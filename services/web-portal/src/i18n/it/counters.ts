export const counters = {} as const;
