export const it = {
  'nav.{{context}}': '{{title-it}}',
  '{{context}}.name': 'Titolo',
  '{{context}}.closes-on': 'Aperto fino al',
  '{{context}}.state': 'Stato',
  '{{context}}.state-open': 'Aperto',
  '{{context}}.state-closed': 'Chiuso',
  '{{context}}.none': 'Non c’è ancora nulla qui.',
} as const;
