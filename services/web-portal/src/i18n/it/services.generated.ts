// Written by npm run generate from services/*/service.json; do not edit.
export const services = {
  'service.identity': 'Identità',
  'service.school-network': 'Rete delle scuole',
  'service.career': 'Carriere',
  'service.logbook': 'Libretto',
  'service.reporting': 'Contatori e report',
} as const;
