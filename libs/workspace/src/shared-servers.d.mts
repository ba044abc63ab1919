import type { Job } from './jobs.mjs';
export function sharingKeycloak(root: string, jobs: readonly Job[]): readonly Job[];
export function afterCheckers(root: string, jobs: readonly Job[], got?: string): readonly Job[];
