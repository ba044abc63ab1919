import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { call, newId, type CommandName, type InputOf, type OperationName, type OutputOf, type QueryName } from './client.js';
import { ROUTES } from './routes.generated.js';
import { makesOld, positionsFor, rememberPosition } from './positions.js';
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

type AskOptions = { enabled?: boolean; staleTime?: number; keepPrevious?: boolean; every?: number };

/** Asks a query and keeps its answer; old rows stay while new ones load. */
export const useAsk = <N extends QueryName>(
  name: N,
  input: InputOf<N>,
  { enabled, staleTime, keepPrevious = true, every }: AskOptions = {},
): UseQueryResult<OutputOf<N>, ProblemError> =>
  useQuery<OutputOf<N>, ProblemError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => call(name, { after: positionsFor(name), ...(input as object) } as InputOf<N>, { signal }),
    enabled,
    staleTime,
    refetchInterval: every,
    placeholderData: keepPrevious ? keepPreviousData : undefined,
  });

const tokenOf = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null && 'token' in answer && typeof answer.token === 'string' ? answer.token : undefined;

const operationOf = ([name]: readonly unknown[]): OperationName | undefined =>
  typeof name === 'string' && name in ROUTES ? (name as OperationName) : undefined;

/**
 * Does a command, and asks again what shows its effect.
 * One intent has one key, kept over retries; a new press after an answer is a new intent.
 */
export const useAct = <N extends CommandName>(name: N) => {
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
      const token = tokenOf(answer);
      rememberPosition(name, token);
      const isOld = (query: OperationName | undefined) => query !== undefined && makesOld(name, query, token !== undefined);
      await client.invalidateQueries({ predicate: ({ queryKey }) => isOld(operationOf(queryKey)) });
    },
  });
};
