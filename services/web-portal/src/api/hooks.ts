import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { call, newId, type CommandName, type InputOf, type OperationName, type OutputOf, type QueryName } from './client.js';
import { ProblemError } from './problem.js';

/** Retries what may pass by itself; a refusal never does. */
const mayPass = (error: Error): boolean =>
  error instanceof ProblemError &&
  (error.status === 0 || error.status === 429 || error.status >= 500 || error.code.endsWith('not-known-yet'));

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 20_000, gcTime: 10 * 60_000, retry: (count, error) => count < 3 && mayPass(error), refetchOnWindowFocus: true },
    mutations: { retry: (count, error) => count < 2 && mayPass(error) },
  },
});

/** Position tokens by operation context: the next query of that context waits for them. */
const positions = new Map<string, string>();
const contextOf = (name: string): string => name.split('.')[0] ?? '';
export const rememberPosition = (name: string, token: string | undefined): void => {
  if (token) positions.set(contextOf(name), token);
};
/** Reads of reporting follow the logbook, the career and the network; every other context follows itself. */
const positionFor = (name: string): string | undefined =>
  positions.get(contextOf(name)) ?? (contextOf(name) === 'reporting' ? positions.get('logbook') : undefined);

type AskOptions = { enabled?: boolean; staleTime?: number; keepPrevious?: boolean; every?: number };

/** Asks a query and keeps its answer; old rows stay while new ones load. */
export const useAsk = <N extends QueryName>(
  name: N,
  input: InputOf<N>,
  { enabled, staleTime, keepPrevious = true, every }: AskOptions = {},
): UseQueryResult<OutputOf<N>, ProblemError> =>
  useQuery<OutputOf<N>, ProblemError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => call(name, { after: positionFor(name), ...(input as object) } as InputOf<N>, { signal }),
    enabled,
    staleTime,
    refetchInterval: every,
    placeholderData: keepPrevious ? keepPreviousData : undefined,
  });

const tokenOf = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null && 'token' in answer && typeof answer.token === 'string' ? answer.token : undefined;

/** Does a command. One intent has one key, kept over retries; a new press after an answer is a new intent. */
export const useAct = <N extends CommandName>(name: N, refreshes: readonly OperationName[] = []) => {
  const client = useQueryClient();
  const intent = useRef<{ key: string; of: string } | null>(null);
  return useMutation<OutputOf<N>, ProblemError, InputOf<N>>({
    mutationFn: async (input) => {
      const of = JSON.stringify(input);
      if (intent.current?.of !== of) intent.current = { key: newId(), of };
      const answer = await call(name, input, { intent: intent.current.key });
      intent.current = null;
      return answer;
    },
    onSuccess: async (answer) => {
      rememberPosition(name, tokenOf(answer));
      await Promise.all(refreshes.map((query) => client.invalidateQueries({ queryKey: [query] })));
    },
  });
};
