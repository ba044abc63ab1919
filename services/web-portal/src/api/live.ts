import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { QueryName } from './client.js';
import type { LiveKeyText } from './routes.generated.js';

/** A key of the live channel (a topic, and the id that it is about) and the queries that it makes old. */
export type LiveKey = { key: LiveKeyText; refreshes: readonly QueryName[] };

const everyMinute = 60_000;
const shortestPause = 1_000;
const longestPause = 60_000;
const keyIn = (text: string): string | undefined => {
  const message: unknown = JSON.parse(text);
  return typeof message === 'object' && message !== null && 'key' in message ? String(message.key) : undefined;
};

type Heard = { opened: () => void; heard: (event: MessageEvent<string>) => void; away: () => void };

/**
 * A browser follows a stream again by itself after a lost connection, and gives up for good after an answer of refusal (429, 503): then it is
 * asked again after pauses that grow, each a little different, so that many pages do not come back at once. Answers how to leave.
 */
export const followStream = (url: string, { opened, heard, away }: Heard): (() => void) => {
  let source: EventSource;
  let tries = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  const begin = () => {
    source = new EventSource(url);
    source.addEventListener('open', () => ((tries = 0), opened()));
    source.addEventListener('changed', heard);
    source.addEventListener('error', () => {
      away();
      if (source.readyState !== EventSource.CLOSED) return;
      again = setTimeout(begin, Math.min(longestPause, shortestPause * 2 ** tries++) * (0.5 + Math.random() / 2));
    });
  };
  begin();
  return () => {
    clearTimeout(again);
    source.close();
  };
};

/** Follows what happens: asks again on a message, after reconnecting, on becoming visible and every minute. Tells whether the channel is open. */
export const useLive = (keys: readonly LiveKey[]): boolean => {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const wanted = JSON.stringify(keys);
  useEffect(() => {
    const watched = JSON.parse(wanted) as LiveKey[];
    if (watched.length === 0) return;
    const refresh = (of: readonly LiveKey[]) =>
      of.flatMap(({ refreshes }) => refreshes).forEach((query) => void client.invalidateQueries({ queryKey: [query] }));
    const all = () => refresh(watched);
    const whenVisible = () => document.visibilityState === 'visible' && all();
    let wasOpen = false;
    const opened = () => {
      if (wasOpen) all();
      wasOpen = true;
      setOpen(true);
    };
    const heard = (event: MessageEvent<string>) => refresh(watched.filter(({ key }) => key === keyIn(event.data)));
    const keysText = encodeURIComponent(watched.map(({ key }) => key).join(','));
    const leave = followStream(`/api/live?keys=${keysText}`, { opened, heard, away: () => setOpen(false) });
    document.addEventListener('visibilitychange', whenVisible);
    const timer = setInterval(all, everyMinute);
    return () => {
      leave();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', whenVisible);
      setOpen(false);
    };
  }, [client, wanted]);
  return open;
};
