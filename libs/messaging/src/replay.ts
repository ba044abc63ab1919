import type { Bus, Stop } from './bus.js';
import type { Page, PageRequest, Publisher } from './publisher.js';

/** Answers pages of a service's own public events on `replay.<service>`, for consumers in other processes. */
export const serveReplay = (bus: Bus, publisher: Publisher): Stop =>
  bus.serve(`replay.${publisher.service}`, publisher.service, (message) => {
    const { after, ...request } = message as PageRequest & { after: unknown };
    if (typeof after !== 'number' || !Number.isSafeInteger(after) || after < 0) throw new RangeError('a page is asked for from a position');
    return publisher.page(after, request);
  });

/** As versions answered that told no counts: they run beside this one while services are updated one after another. */
type Told = Omit<Page, 'passed' | 'waiting'> & Partial<Pick<Page, 'passed' | 'waiting'>>;

/** A page of another service's public events. */
export const requestPage = async (
  bus: Bus,
  service: string,
  after: number,
  request: PageRequest = {},
  options: { readonly timeoutMs?: number } = {},
): Promise<Page> => {
  const page = (await bus.request(`replay.${service}`, { after, ...request }, options)) as Told;
  return { passed: Math.max(page.events.length, page.next > after ? 1 : 0), waiting: page.next < page.head ? 1 : 0, ...page };
};
