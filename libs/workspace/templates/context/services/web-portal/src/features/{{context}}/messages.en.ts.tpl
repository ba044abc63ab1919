export const en = {
  'nav.{{context}}': '{{title-en}}',
  '{{context}}.name': 'Title',
  '{{context}}.closes-on': 'Open until',
  '{{context}}.state': 'State',
  '{{context}}.state-open': 'Open',
  '{{context}}.state-closed': 'Closed',
  '{{context}}.none': 'There is nothing here yet.',
} as const;
