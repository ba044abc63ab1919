export const recount = 1;
