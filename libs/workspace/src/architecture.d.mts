export type Finding = { readonly rule: string; readonly file: string; readonly message: string };
export const importRules: readonly string[];
export function importFindings(root: string): Promise<Finding[]>;
export function codeFindings(root: string): Promise<Finding[]>;
