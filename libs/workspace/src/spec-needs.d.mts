export function needsOf(root: string, name: string): { readonly servers: boolean; readonly checkers: boolean; readonly realm: boolean };
