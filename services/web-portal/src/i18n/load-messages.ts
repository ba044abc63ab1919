import type { Locale, Messages } from './messages.js';

export const loadMessages = async (locale: Locale): Promise<Messages> =>
  locale === 'it' ? (await import('./it/index.js')).it : (await import('./en/index.js')).en;
