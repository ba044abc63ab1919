export function needsOf(root: string, name: string): { readonly servers: boolean; readonly checkers: boolean; readonly realm: boolean };
/** What a spec imports, and what its own helpers import, as they write it. */
export function importsOf(file: string): string[];
