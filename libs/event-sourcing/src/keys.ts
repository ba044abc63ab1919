import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import type { DomainEvent, Scope } from './event-store.js';

/** What stands where personal data stood, once the key of the person is gone. */
export const ERASED = '[erased]';

/** A personal value as stored: person and base64url of iv, ciphertext and tag (AES-256-GCM). */
export type Sealed = { readonly $sealed: string };

/** The keys of people, one each; to destroy a key is to erase the person. */
export interface PersonKeys {
  /** A key that is at hand: in a process that shares them, one of those that `ensure` or `fetch` was called for. */
  keyOf(personId: string): KeyObject | undefined;
  /** Resolves when it is known which keys other processes made or destroyed. To be called before something of these people is opened. */
  fetch(personIds: readonly string[]): Promise<void>;
  /** Resolves when each person has a durable key, save those in the register of erasures, who never get one. */
  ensure(personIds: readonly string[]): Promise<void>;
  /** Destroys the key for good and enters the person in the register of erasures. */
  destroy(personId: string): Promise<void>;
  /** The register of erasures. */
  erased(): readonly string[];
  close(): Promise<void>;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; the answer is iv, ciphertext and tag. */
export function encrypt(key: KeyObject, plain: Uint8Array, aad?: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  if (aad !== undefined) cipher.setAAD(Buffer.from(aad));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `encrypt` made. Throws where key, bytes or `aad` differ. */
export function decrypt(key: KeyObject, box: Uint8Array, aad?: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, IV_BYTES));
  if (aad !== undefined) decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(box.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** A JSON value under the key of a person; `ERASED` where the person has none. */
export function seal(keys: PersonKeys, personId: string, value: unknown): Sealed | typeof ERASED {
  const key = keys.keyOf(personId);
  if (!key) return ERASED;
  return { $sealed: `${personId}.${encrypt(key, Buffer.from(JSON.stringify(value))).toString('base64url')}` };
}

export const isSealed = (value: unknown): value is Sealed => typeof (value as Sealed | null | undefined)?.$sealed === 'string';

/** The value that was sealed, or `ERASED` where the person's key is gone. */
export function open(keys: PersonKeys, sealed: Sealed): unknown {
  const person = personOfSealed(sealed);
  const key = keys.keyOf(person);
  return key ? JSON.parse(decrypt(key, Buffer.from(sealed.$sealed.slice(person.length + 1), 'base64url')).toString()) : ERASED;
}

const personOfSealed = ({ $sealed }: Sealed): string => $sealed.slice(0, $sealed.indexOf('.'));

/** People under whose keys something in these events is sealed. */
export function peopleIn(events: readonly { readonly data: object }[]): string[] {
  const people = new Set<string>();
  for (const { data } of events) for (const value of Object.values(data)) if (isSealed(value)) people.add(personOfSealed(value));
  return [...people];
}

type Declared = { readonly person?: string; readonly fields: readonly string[] };
type Data = Record<string, unknown>;

/** The `personal` of a decider, of whatever events. */
export type PersonalDeclaration = object | undefined;

const declaredFor = (personal: PersonalDeclaration, type: string): Declared | undefined =>
  (personal as Readonly<Record<string, Declared>> | undefined)?.[type];

/** The person whose key seals an event's personal fields; undefined where it has none. */
export function personOf(personal: PersonalDeclaration, event: DomainEvent, scope: Scope): string | undefined {
  const declared = declaredFor(personal, event.type);
  if (!declared) return undefined;
  const person = declared.person === undefined ? scope.traineeId : (event as unknown as Data)[declared.person];
  if (typeof person !== 'string') throw new Error(`${event.type} declares personal fields but names no person.`);
  return person;
}

/** Nothing was said, so there is nothing to hide. */
const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Puts ciphertext in the place of an event's personal fields. */
export function sealFields(keys: PersonKeys, personal: PersonalDeclaration, event: DomainEvent, data: Data, scope: Scope): Data {
  const person = personOf(personal, event, scope);
  if (person === undefined) return data;
  const sealed: Data = { ...data };
  for (const field of declaredFor(personal, event.type)?.fields ?? []) {
    if (!isBlank(data[field])) sealed[field] = seal(keys, person, data[field]);
  }
  return sealed;
}

/** Puts the personal fields of a stored event back, or `ERASED` in their place. */
export function openFields(keys: PersonKeys, personal: PersonalDeclaration, type: string, data: Data): Data {
  const declared = declaredFor(personal, type);
  if (!declared) return data;
  const opened: Data = { ...data };
  for (const field of declared.fields) {
    const value = data[field];
    if (isSealed(value)) opened[field] = open(keys, value);
  }
  return opened;
}
