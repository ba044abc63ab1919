export type DemoMark = { readonly personId: string; readonly role: string; readonly note: { readonly it: string; readonly en: string } };
export type Password = { readonly hash: string; /** how many times it has been set */ readonly changes: number };

/** Where credentials are kept, shared by all instances of identity or in a file of the only one; all that comes here is a hash already. */
export interface CredentialTable {
  /** Keeps the name for the person unless another has it; answers whose it is. */
  reserveName(nameHash: string, personId: string): Promise<string>;
  releaseName(nameHash: string, personId: string): Promise<void>;
  ownerOf(nameHash: string): Promise<string | undefined>;
  password(personId: string): Promise<Password | undefined>;
  /** Counts it as a change. */
  setPassword(personId: string, hash: string): Promise<void>;
  /** No change; nothing where the hash is not `before` any more. */
  keepPasswordAs(personId: string, hash: string, before: string): Promise<void>;
  /** Instead of all earlier ones of the person; `expires`, `now`: ms since 1970. */
  putInvitation(secretHash: string, personId: string, expires: number, now: number): Promise<void>;
  findInvitation(secretHash: string, now: number): Promise<string | undefined>;
  /** Gives it to one caller, once. */
  takeInvitation(secretHash: string, now: number): Promise<string | undefined>;
  accountSecret(accountId: string): Promise<string | undefined>;
  setAccountSecret(accountId: string, hash: string): Promise<void>;
  removeAccountSecret(accountId: string): Promise<void>;
  /** Nothing where the hash is not `before` any more. */
  keepAccountSecretAs(accountId: string, hash: string, before: string): Promise<void>;
  markDemo(people: readonly DemoMark[]): Promise<void>;
  /** In the order in which they were marked. */
  demoMarks(): Promise<DemoMark[]>;
  /** Everything that the person signed in with. */
  forget(personId: string): Promise<void>;
  close(): Promise<void>;
}
