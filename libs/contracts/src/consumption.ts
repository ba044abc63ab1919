import type { CONSUMES } from './consumption.generated.js';

export type Context = keyof typeof CONSUMES;
/** The context of an operation or public event: the first part of its name. */
export const contextOf = (name: string): Context => name.slice(0, name.indexOf('.')) as Context;
