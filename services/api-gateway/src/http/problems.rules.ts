import { inEnglish } from '@ateneo/contracts/problem-texts/en';
import { inItalian } from '@ateneo/contracts/problem-texts/it';
import type { Problem } from '@ateneo/service-kit';

export type Locale = 'it' | 'en';

const TITLES: Readonly<Record<number, Readonly<Record<Locale, string>>>> = {
  400: { it: 'Richiesta non valida', en: 'Invalid request' },
  401: { it: 'Accesso necessario', en: 'Sign-in needed' },
  403: { it: 'Operazione non permessa', en: 'Not allowed' },
  404: { it: 'Non trovato', en: 'Not found' },
  405: { it: 'Metodo non ammesso', en: 'Method not allowed' },
  408: { it: 'Richiesta troppo lenta', en: 'Request too slow' },
  409: { it: 'In conflitto con lo stato attuale', en: 'In conflict with the current state' },
  413: { it: 'Richiesta troppo grande', en: 'Request too large' },
  415: { it: 'Tipo di contenuto non ammesso', en: 'Unsupported content type' },
  422: { it: 'Operazione rifiutata', en: 'Refused' },
  431: { it: 'Intestazioni troppo grandi', en: 'Headers too large' },
  429: { it: 'Troppe richieste', en: 'Too many requests' },
  500: { it: 'Errore interno', en: 'Internal error' },
  503: { it: 'Servizio non disponibile', en: 'Service unavailable' },
  504: { it: 'Il servizio non ha risposto in tempo', en: 'The service did not answer in time' },
};

const sentenceIn = { it: inItalian, en: inEnglish } as const;

export type ProblemDocument = Readonly<Record<string, unknown>>;

/** RFC 9457: the title says of what kind it is, the detail what is the matter and what to do. */
export function problemDocument(
  { status, code, details, errors }: Omit<Problem, 'status'> & { readonly status: number },
  locale: Locale,
  correlationId: string,
): ProblemDocument {
  return {
    ...details,
    type: `urn:ateneo:problem:${code}`,
    title: TITLES[status]?.[locale] ?? String(status),
    status,
    code,
    detail: sentenceIn[locale](code, details),
    instance: `urn:ateneo:request:${correlationId}`,
    correlationId,
    errors,
  };
}

/** Italian unless English is asked for first. */
export function localeOf(acceptLanguage: string | undefined, preferred?: Locale): Locale {
  const asked = /(?:^|,)\s*(it|en)\b/i.exec(acceptLanguage ?? '')?.[1]?.toLowerCase();
  return asked === 'it' || asked === 'en' ? asked : (preferred ?? 'it');
}
