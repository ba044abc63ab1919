import type { ChildProcess } from 'node:child_process';
export function killAtExit(child: ChildProcess, options?: { readonly group?: boolean }): void;
