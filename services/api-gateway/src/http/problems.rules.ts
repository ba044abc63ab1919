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
  429: { it: 'Troppe richieste', en: 'Too many requests' },
  500: { it: 'Errore interno', en: 'Internal error' },
  503: { it: 'Servizio non disponibile', en: 'Service unavailable' },
  504: { it: 'Il servizio non ha risposto in tempo', en: 'The service did not answer in time' },
};

/** What the platform says by itself; what a service refuses is told by its code, which the portal puts in words. */
const DETAILS: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  'invalid-input': { it: 'Uno o più campi non sono validi.', en: 'One or more fields are not valid.' },
  'sign-in-needed': { it: "Serve l'accesso per questa operazione.", en: 'This operation needs a sign-in.' },
  'token-not-valid': { it: "Il token d'accesso non è valido o è scaduto.", en: 'The access token is not valid or has expired.' },
  'account-not-known': { it: "Il token è valido ma l'utenza non è conosciuta.", en: 'The token is valid but the account is not known.' },
  'cross-site-request': {
    it: 'La richiesta non viene da una pagina di questo sito.',
    en: 'The request does not come from a page of this site.',
  },
  forbidden: { it: 'Il profilo in uso non permette questa operazione.', en: 'The profile in use does not allow this operation.' },
  'route-not-found': { it: "Non c'è nulla a questo indirizzo.", en: 'There is nothing at this address.' },
  'method-not-allowed': { it: 'Questo indirizzo non accetta questo metodo.', en: 'This address does not take this method.' },
  'body-too-large': { it: 'Il corpo della richiesta supera il limite.', en: 'The body of the request is over the limit.' },
  'unsupported-content-type': { it: 'Il tipo di contenuto non è ammesso qui.', en: 'The content type is not accepted here.' },
  'idempotency-key-not-valid': {
    it: "L'intestazione Idempotency-Key deve essere un UUID.",
    en: 'The header Idempotency-Key must be a UUID.',
  },
  'too-many-requests': {
    it: 'Troppe richieste da questo indirizzo: riprova più tardi.',
    en: 'Too many requests from this address: try again later.',
  },
  'too-busy': { it: 'Il servizio è occupato: riprova fra poco.', en: 'The service is busy: try again shortly.' },
  'sessions-away': {
    it: 'Le sessioni non sono raggiungibili in questo momento: riprova fra poco.',
    en: 'Sessions cannot be reached at the moment: try again shortly.',
  },
  'identity-provider-away': {
    it: "Il servizio di accesso dell'università non risponde: riprova fra poco.",
    en: 'The sign-in service of the university does not answer: try again shortly.',
  },
  'internal-error': {
    it: "Qualcosa non ha funzionato. L'errore è registrato con il codice della richiesta.",
    en: 'Something went wrong. The error is logged under the id of the request.',
  },
};

export type ProblemDocument = Readonly<Record<string, unknown>>;

/** RFC 9457. `detail` given beats the text of the code. */
export function problemDocument(
  { status, code, details, errors }: Omit<Problem, 'status'> & { readonly status: number },
  locale: Locale,
  correlationId: string,
  detail?: string,
): ProblemDocument {
  const title = TITLES[status]?.[locale] ?? String(status);
  return {
    ...details,
    type: `urn:ateneo:problem:${code}`,
    title,
    status,
    code,
    detail: detail ?? DETAILS[code]?.[locale] ?? title,
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
