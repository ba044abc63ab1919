export type RunningMongo = {
  readonly url: string;
  readonly port: number;
  /** Undefined where MONGODB_URL names the server. */
  readonly pid: number | undefined;
  /** True for mongo-java-server, which lacks much of MongoDB; false for the server that MONGODB_URL names. */
  readonly standIn: boolean;
  /** SIGTERM unless told otherwise. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
};
export function mongoMissing(): string | undefined;
export function prepareMongo(): { readonly available: boolean; readonly because?: string };
export function startMongo(options?: { readonly port?: number; readonly store?: string }): Promise<RunningMongo>;
