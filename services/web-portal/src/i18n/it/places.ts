/** Home pages, public verification, story page. */
export const places = {
  'stories.title': 'Componenti',
  'stories.lead': 'Ogni componente del portale, con la tastiera, nelle due lingue e nei due temi.',
} as const;
