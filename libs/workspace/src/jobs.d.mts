export type Job = { readonly name: string; ready?(): boolean; run(): Promise<void> };
export function runJobs(jobs: readonly Job[]): Promise<void>;
