/** When a delivery that failed is tried again, in milliseconds. */
export type Retry = {
  readonly firstMs: number;
  readonly factor: number;
  readonly mostMs: number;
  /** after the first attempt; then it is a dead letter */ readonly giveUpMs: number;
};
export const RETRY: Retry = { firstMs: 5_000, factor: 3, mostMs: 2 * 3_600_000, giveUpMs: 24 * 3_600_000 };

/** The instant of the next attempt, or undefined where the time is over. `chance` 0 to 1 spreads attempts by ±20 %. */
export function nextAttempt(
  { firstMs, factor, mostMs, giveUpMs }: Retry,
  { attempts, firstAt, at, chance }: { readonly attempts: number; readonly firstAt: number; readonly at: number; readonly chance: number },
): number | undefined {
  const pause = Math.min(mostMs, firstMs * factor ** (attempts - 1)) * (0.8 + 0.4 * chance);
  const last = firstAt + giveUpMs;
  return at >= last ? undefined : Math.min(last, Math.round(at + pause));
}
