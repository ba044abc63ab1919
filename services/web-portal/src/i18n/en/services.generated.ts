// Written by npm run generate from services/*/service.json; do not edit.
export const services = {
  'service.identity': 'Identity',
  'service.school-network': 'School network',
  'service.career': 'Careers',
  'service.logbook': 'Logbook',
  'service.reporting': 'Counters and reports',
} as const;
