import type { Finding } from './architecture.mjs';
export function lockFindings(root: string): Finding[];
