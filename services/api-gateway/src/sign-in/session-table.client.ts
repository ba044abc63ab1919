/** One session as it is kept. `created`, `seen`: milliseconds; `sealed` opens for this hash and subject alone. */
export type StoredSession = {
  readonly hash: string;
  readonly subject: string;
  readonly created: number;
  readonly seen: number;
  readonly sealed: Uint8Array;
};

/** Where sessions and sign-ins on their way are kept. Every method rejects with ServerAwayError where the table cannot be reached. */
export type SessionTable = {
  /** Why it cannot be used now, or undefined. */
  trouble(): string | undefined;
  put(session: StoredSession): Promise<void>;
  find(hash: string): Promise<StoredSession | undefined>;
  touch(hash: string, seen: number): Promise<void>;
  remove(hash: string): Promise<void>;
  /** `expires`: seconds. */
  putAttempt(state: string, expires: number, sealed: Uint8Array): Promise<void>;
  /** Gives an attempt to one caller, once, where it expires at `notBefore` (seconds) or later. */
  takeAttempt(state: string, notBefore: number): Promise<Uint8Array | undefined>;
  /** Removes attempts that expired before `attemptsBefore` (seconds) and sessions seen or created before (milliseconds). */
  sweep(attemptsBefore: number, seenBefore: number, createdBefore: number): Promise<void>;
  close(): Promise<void>;
};
