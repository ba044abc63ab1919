import type { operator } from '@ateneo/contracts';
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { problemOf, unreachable, type ProblemError } from '../../api/problem.js';
import { signedInAgain } from '../../api/session-end.js';

export type Status = operator.PlatformStatus;
/** What an act is about. */
export type Waiting = { service: string; projection: string; key: string };
export type Skip = Waiting & { origin: string; position: number; reason: string };
export type Fact = { service: string; reaction: string; origin: string; position: number };
/** As the gateway lists its webhooks. */
export type Webhook = {
  webhookId: string;
  clientId: string;
  url: string;
  state: 'active' | 'paused' | 'disabled';
  reason: string | null;
  waiting: number;
  deadLetters: number;
  lastDeliveredAt: string | null;
  lastFailure: { at: string; reason: string } | null;
};

const everyTwoSeconds = 2_000;
const everyTenSeconds = 10_000;
const statusKey = ['operator', 'status'];

/** Routes of the gateway itself, which no service answers. */
const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
  const headers = { accept: 'application/json', 'accept-language': document.documentElement.lang, ...init.headers };
  const response = await fetch(`/api${path}`, { ...init, headers }).catch((error: unknown) => {
    throw init.signal?.aborted ? error : unreachable();
  });
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401 && (await signedInAgain())) return ask(path, init);
  throw await problemOf(response);
};
const post = <T>(path: string, body: object): Promise<T> =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** How every process is, every two seconds while the page is seen. */
export const useStatus = (): UseQueryResult<Status, ProblemError> =>
  useQuery<Status, ProblemError>({
    queryKey: statusKey,
    queryFn: ({ signal }) => ask('/operator/status', { signal }),
    refetchInterval: everyTwoSeconds,
    staleTime: 0,
  });

export const useWebhooks = (): UseQueryResult<{ webhooks: readonly Webhook[] }, ProblemError> =>
  useQuery<{ webhooks: readonly Webhook[] }, ProblemError>({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => ask('/webhooks', { signal }),
    refetchInterval: everyTenSeconds,
  });

const useOperatorAct = <Input extends object>(path: string) => {
  const client = useQueryClient();
  return useMutation<{ left: number }, ProblemError, Input>({
    mutationFn: (input) => post(`/operator/${path}`, input),
    retry: false,
    onSettled: () => client.invalidateQueries({ queryKey: statusKey }),
  });
};
export const useRetry = () => useOperatorAct<Waiting>('parked/retry');
export const useSkip = () => useOperatorAct<Skip>('parked/skip');
export const useRetryReaction = () => useOperatorAct<Fact>('reactions/retry');
export const useGiveUp = () => useOperatorAct<Fact & { reason: string }>('reactions/give-up');
