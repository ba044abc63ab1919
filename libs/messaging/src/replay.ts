import type { Bus, Stop } from './bus.js';
import type { Page, PageRequest, Publisher } from './publisher.js';

/** Answers pages of a service's own public events on `replay.<service>`, for consumers in other processes. */
export const serveReplay = (bus: Bus, publisher: Publisher): Stop =>
  bus.serve(`replay.${publisher.service}`, publisher.service, (message) => {
    const { after, ...request } = message as PageRequest & { after: unknown };
    if (typeof after !== 'number' || !Number.isSafeInteger(after) || after < 0) throw new RangeError('a page is asked for from a position');
    return publisher.page(after, request);
  });

/** A page of another service's public events. */
export const requestPage = async (
  bus: Bus,
  service: string,
  after: number,
  request: PageRequest = {},
  options: { readonly timeoutMs?: number } = {},
): Promise<Page> => (await bus.request(`replay.${service}`, { after, ...request }, options)) as Page;
