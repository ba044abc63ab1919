import { randomBytes } from 'node:crypto';

/** A new time-ordered uuid, as a client makes them. */
export function newId(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** An entry that the benches' school takes, sent for validation; `n` moves its day. */
export const entryInput = (n: number) => ({
  entryId: newId(),
  activities: ['CHIR-402-02'],
  performedOn: `2025-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
  autonomy: 'guided',
  classified: { 'surgical-role': 'first-operator' as const },
  submit: true,
});
