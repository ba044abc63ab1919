import type { Finding } from './architecture.mjs';
export function allFindings(root: string): Promise<Finding[]>;
