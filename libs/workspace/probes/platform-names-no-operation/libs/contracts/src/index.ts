export const identity = {};
export const logbook = {};
export const schoolNetworkEvents = {};
