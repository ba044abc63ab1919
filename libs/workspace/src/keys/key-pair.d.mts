import type { KeyObject } from 'node:crypto';

export declare const newSigningKey: () => KeyObject;
export declare const spkiOf: (privateKey: KeyObject) => string;
