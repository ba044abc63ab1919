import type { OperationName } from './client.js';
import { ROUTES } from './routes.generated.js';

/** By context: the newest token of its commands in this page. */
const positions = new Map<string, string>();
const contextOf = (name: string): string => name.split('.')[0] ?? '';
const readsAfter = (name: OperationName): readonly string[] => ROUTES[name][3];

/** Keeps what a command answered. */
export const rememberPosition = (name: OperationName, token: string | undefined): void => {
  if (token) positions.set(contextOf(name), token);
};

/** The tokens that a query waits for: those of the contexts that its answer shows, and no others. */
export const positionsFor = (name: OperationName): string | undefined =>
  readsAfter(name)
    .flatMap((context) => positions.get(context) ?? [])
    .join('.') || undefined;

/** Whether a command makes an earlier answer of the query old; one that published nothing is seen by its own context alone. */
export const makesOld = (command: OperationName, query: OperationName, published: boolean): boolean =>
  contextOf(query) === contextOf(command) || (published && readsAfter(query).includes(contextOf(command)));
