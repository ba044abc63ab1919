/** Whose public events each context follows, beside those that it stores itself; checked against the projections of the services. */
export const CONSUMES = {
  identity: [],
  'school-network': ['identity', 'career'],
  career: ['identity', 'school-network'],
  logbook: ['identity', 'school-network', 'career'],
  reporting: ['identity', 'school-network', 'career', 'logbook'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Context = keyof typeof CONSUMES;
/** The context of an operation or public event: the first part of its name. */
export const contextOf = (name: string): Context => name.slice(0, name.indexOf('.')) as Context;
