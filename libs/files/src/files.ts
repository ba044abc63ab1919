import type { Readable } from 'node:stream';

export type FileMeta = { readonly name: string; readonly type: string };
export type OpenedFile = FileMeta & { /** bytes of the content */ readonly size: number; readonly stream: Readable };
export type PutOptions = {
  readonly maxBytes?: number;
  /** Told before the first byte is written: `name` deletes the file and opens nothing, so it may be stored where erasure does not reach. */
  readonly announced?: (name: string) => Promise<void>;
};
export type StoredFile = {
  /** reference and key in one: who holds it can read the file, nobody else */ readonly fileId: string;
  readonly size: number;
};

/** More bytes came than `maxBytes` allows; nothing was kept. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  constructor(readonly maxBytes: number) {
    super(`the file is larger than ${maxBytes} bytes`);
  }
}

/** Too large for a message: attachments, imports, documents. At rest every file is ciphertext under a key of its own that only its id carries. */
export abstract class Files {
  /** Whole and durable when it resolves. Throws FileTooLargeError, StoreUnavailableError where it cannot be kept, or what the content itself failed with; nothing is kept then. */
  abstract put(content: Readable | Uint8Array, meta: FileMeta, options?: PutOptions): Promise<StoredFile>;
  /** Undefined where there is no such file or the id's key does not open it. The stream fails where the file was altered or cut. Throws StoreUnavailableError. */
  abstract open(fileId: string): Promise<OpenedFile | undefined>;
  /** By its id or by the name it was announced under, also what a kill left half written. Deleting what is not there is nothing. */
  abstract delete(fileId: string): Promise<void>;
}
