/** Whose public events each context follows, beside those that it stores itself; checked against the projections of the services. */
export const CONSUMES = {
  identity: [],
  'school-network': ['identity', 'career'],
  career: ['identity', 'school-network'],
  logbook: ['identity', 'school-network', 'career'],
  reporting: ['identity', 'school-network', 'career', 'logbook'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
