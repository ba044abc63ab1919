/** Declares in a package what it imports, in the versions that other packages of the repository use. */
export function declareImports(root: string, folder: string): void;
