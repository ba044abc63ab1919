// Written by npm run generate from services/*/service.json; do not edit.
export const CONTEXT_NAMES = [
  'identity',
  'school-network',
  'career',
  'logbook',
  'reporting',
] as const;
