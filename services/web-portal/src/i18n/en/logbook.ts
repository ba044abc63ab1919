export const logbook = {} as const;
