export type Job = { readonly name: string; readonly last?: boolean; run(): Promise<void> };
export function runJobs(jobs: readonly Job[]): Promise<void>;
