import type { Job } from './jobs.mjs';
export function sharingKeycloak(root: string, jobs: readonly Job[]): readonly Job[];
export function onceGot(
  root: string,
  jobs: readonly Job[],
  got?: { readonly servers?: string; readonly checkers?: string },
): readonly Job[];
