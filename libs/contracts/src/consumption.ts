import type { CONTEXT_NAMES } from './context-names.generated.js';

export type Context = (typeof CONTEXT_NAMES)[number];
/** The context of an operation or public event: the first part of its name. */
export const contextOf = (name: string): Context => name.slice(0, name.indexOf('.')) as Context;
