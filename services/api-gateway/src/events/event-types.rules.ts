import { PUBLIC_EVENTS } from '@ateneo/contracts';

/** The public types that begin so. */
export const typesBeginning = (beginnings: readonly string[]): string[] =>
  PUBLIC_EVENTS.map(({ type }) => type).filter((type) => beginnings.some((beginning) => type.startsWith(beginning)));
