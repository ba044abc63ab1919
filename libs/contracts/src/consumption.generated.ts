// Derived from what the services handle by «npm run generate»; do not edit.

/** Whose public events each context follows, beside those that it stores itself. */
export const CONSUMES = {
  identity: [],
  'school-network': ['identity', 'career'],
  career: ['identity', 'school-network'],
  logbook: ['identity', 'school-network', 'career'],
  reporting: ['identity', 'school-network', 'career', 'logbook'],
} as const;

/** Services that keep names or other personal fields, under keys of their own; each must answer an erasure. */
export const NAME_HOLDERS = ['school-network', 'career', 'logbook', 'reporting'] as const;
