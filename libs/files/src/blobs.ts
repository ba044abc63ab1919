export type OpenedBlob = {
  /** Bytes stored. */
  readonly size: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Lets go of what was not read. */
  close(): void;
};

/** Where sealed bytes lie, by name: a folder or a bucket. */
export interface Blobs {
  /** Durable when it resolves; nothing is left where the source throws. */
  put(name: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  open(name: string): Promise<OpenedBlob | undefined>;
  delete(name: string): Promise<void>;
}
