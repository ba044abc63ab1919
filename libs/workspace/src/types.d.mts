export const PROGRAMS: readonly string[];
export function typeErrors(root: string): Promise<string>;
