export type RunningS3 = {
  /** `s3://key:secret@host:port/bucket[?tls=false]`, as FILES_URL takes it. */
  readonly url: string;
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly port: number;
  /** Undefined where S3_URL names the server. */
  readonly pid: number | undefined;
  /** SIGTERM unless told otherwise; a store of its own is removed. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
};
export function s3Missing(): string | undefined;
export function prepareS3(withinMs?: number): { readonly available: boolean; readonly because?: string };
export function startS3(options?: { readonly port?: number; readonly store?: string }): Promise<RunningS3>;
