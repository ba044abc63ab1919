/** Where the last public event of a command stands at its origin. */
export type OriginPosition = { readonly service: string; readonly epoch: string; readonly partition: number; readonly position: number };

/** Opaque to clients: they hand it back with a query that shall wait for it. */
export const positionToken = ({ service, epoch, partition, position }: OriginPosition): string =>
  Buffer.from(JSON.stringify([service, epoch, partition, position])).toString('base64url');

/** The position in a token, or undefined when a client made it up. */
export function readPositionToken(token: string): OriginPosition | undefined {
  if (token.length > 400) return undefined;
  try {
    const [service, epoch, partition, position] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (typeof service !== 'string' || typeof epoch !== 'string') return undefined;
    if (!Number.isSafeInteger(partition) || !Number.isSafeInteger(position)) return undefined;
    return { service, epoch, partition: partition as number, position: position as number };
  } catch {
    return undefined;
  }
}
