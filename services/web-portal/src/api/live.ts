import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { QueryName } from './client.js';

/** A key of the live channel (`counters:<traineeId>`, `entries:<traineeId>`) and the queries that it makes old. */
export type LiveKey = { key: string; refreshes: readonly QueryName[] };

const everyMinute = 60_000;
const keyIn = (text: string): string | undefined => {
  const message: unknown = JSON.parse(text);
  return typeof message === 'object' && message !== null && 'key' in message ? String(message.key) : undefined;
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
    const source = new EventSource(`/api/live?keys=${encodeURIComponent(watched.map(({ key }) => key).join(','))}`);
    const opened = () => {
      if (wasOpen) all();
      wasOpen = true;
      setOpen(true);
    };
    const heard = (event: MessageEvent<string>) => refresh(watched.filter(({ key }) => key === keyIn(event.data)));
    source.addEventListener('open', opened);
    source.addEventListener('error', () => setOpen(false));
    source.addEventListener('changed', heard);
    document.addEventListener('visibilitychange', whenVisible);
    const timer = setInterval(all, everyMinute);
    return () => {
      source.close();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', whenVisible);
      setOpen(false);
    };
  }, [client, wanted]);
  return open;
};
