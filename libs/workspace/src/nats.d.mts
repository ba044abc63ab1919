export type RunningNats = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly store: string;
  /** SIGTERM unless told otherwise; a store of its own is removed. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  log(): string;
};
export function natsMissing(): string | undefined;
export function prepareNats(): { readonly available: boolean; readonly because?: string };
export function freePort(): Promise<number>;
export function startNats(options?: {
  readonly store?: string;
  readonly port?: number;
  readonly config?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<RunningNats>;
