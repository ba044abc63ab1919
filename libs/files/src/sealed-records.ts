import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Storage format of a sealed file: records of at most RECORD plain bytes, each AES-256-GCM under nonce = its number; the last one is marked. */
export const RECORD = 64 * 1024;
export const TAG = 16;

const nonceOf = (index: number): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 8);
  return nonce;
};
const marked = (last: boolean): Buffer => Buffer.from(last ? 'last' : 'more');

export function sealRecord(key: Buffer, index: number, last: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index)).setAAD(marked(last));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws where key, order or bytes are not the ones that were sealed. */
export function openRecord(key: Buffer, index: number, last: boolean, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index)).setAAD(marked(last));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()]);
}
