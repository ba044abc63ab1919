/** What of a patient a free text seems to hold (counting.md 26); the text itself goes nowhere. */
export type PatientData = 'tax-code' | 'long-number' | 'birth-date' | 'patient-name';

const ODD: Readonly<Record<string, number>> = Object.fromEntries(
  [...'0123456789']
    .map((c, i) => [c, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21][i] as number])
    .concat(
      [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((c, i) => [
        c,
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23][i] as number,
      ]),
    ),
);
const even = (c: string): number => (c <= '9' ? Number(c) : c.charCodeAt(0) - 65);
/** A word of its own, whole or in the groups in which people write it. */
const TAX_CODE =
  /(?<![A-Z0-9])[A-Z]{3}[\s.-]?[A-Z]{3}[\s.-]?[0-9LMNPQRSTUV]{2}[\s.-]?[ABCDEHLMPRST][\s.-]?[0-9LMNPQRSTUV]{2}[\s.-]?[A-Z][0-9LMNPQRSTUV]{3}[\s.-]?[A-Z](?![A-Z0-9])/g;

/** Whether the check letter fits (DM 23/12/1976), homocodes included. */
export function isTaxCode(code: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i += 1) sum += i % 2 === 0 ? (ODD[code[i] as string] ?? 0) : even(code[i] as string);
  return String.fromCharCode(65 + (sum % 26)) === code[15];
}

const holdsTaxCode = (text: string): boolean =>
  [...text.toUpperCase().matchAll(TAX_CODE)].some(([code]) => isTaxCode(code.replace(/[^A-Z0-9]/g, '')));

const BIRTH =
  /\b(?:nat[oa](?:\s+(?:il|a\s+\p{Lu}?\p{L}+(?:\s+il)?))?|(?:data\s+(?:di\s+)?)?nascita|d\.?d\.?n\.?|born(?:\s+on)?|date\s+of\s+birth)\s*[:,]?\s*\d{1,4}[./\s-]\s*(?:\d{1,2}|\p{L}{3,9})[./\s-]\s*\d{2,4}/iu;
const LONG_NUMBER = /\d{7,}/;
/** Words that follow «paziente» with a capital and are no names. */
const NO_NAMES = new Set(
  'ASA BMI BPCO COVID DEA ECG EGA ECMO ICU IMA IRC NYHA OBI PS RM RX SLA TC TAC TIA UTIC UTI VLS HIV HCV HBV HIV+ Child Glasgow Karnofsky ECOG GCS PSA Covid Pediatrico Pediatrica Adulto Adulta Anziano Anziana Critico Critica Stabile Instabile Cosciente Sedato Sedata Intubato Intubata Ricoverato Ricoverata Ambulatoriale Esterno Esterna Standardizzato Simulato Simulata Oncologico Oncologica Cardiopatico Chirurgico Chirurgica'.split(
    ' ',
  ),
);
const PATIENT =
  /(?:^|[^\p{L}])(?:[Pp]azient[ei]|PAZIENT[EI]|[Pp]z\.?|PZ\.?|[Pp]atients?)\s*[:,-]?\s+(?:(?:[Ss]ig\.?(?:ra|\.ra)?|[Ss]ignor[ae]?)\s+)?(\p{Lu}[\p{L}'’+]*)/gu;

/** Letters of other alphabets that look Latin. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ...pairs('АВЕЅІЈКМНОРСТУХԚԜӀавеѕіјкмнорстухԛԝӏһԁг', 'ABESIJKMHOPCTYXQWIabesijkmhopctyxqwlhdr'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ', 'ABEZHIKMNOPTYXaikvoptux'),
  ...pairs('ıɑɡ', 'iag'),
]);
function pairs(from: string, to: string): (readonly [string, string])[] {
  return [...from].map((letter, i) => [letter, to[i] as string] as const);
}
const NOTHING_TO_SEE = /[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;

const isDigit = (point: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(point));
/** Digits of a script stand in order, ten by ten, zero first. */
function digitOf(digit: string): string {
  const point = digit.codePointAt(0) as number;
  let first = point;
  while (isDigit(first - 1)) first -= 1;
  return String((point - first) % 10);
}

/** The text as a reader sees it, in Latin letters without accents and ASCII digits. */
const asSeen = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(NOTHING_TO_SEE, '')
    .replace(/\s+/gu, ' ')
    .replace(/\p{Pd}/gu, '-')
    .replace(/[\u2044\u2215]/g, '/')
    .replace(/[^\0-\x7f]/gu, (one) => LOOK_ALIKES.get(one) ?? (/\p{Nd}/u.test(one) ? digitOf(one) : one));

/** The first kind of patient data found in a text, or undefined. */
export function patientDataIn(written: string): PatientData | undefined {
  const text = asSeen(written);
  if (text === '') return undefined;
  if (holdsTaxCode(text)) return 'tax-code';
  if (BIRTH.test(text)) return 'birth-date';
  if (LONG_NUMBER.test(text)) return 'long-number';
  for (const [, word] of text.matchAll(PATIENT)) if (!NO_NAMES.has(word as string)) return 'patient-name';
  return undefined;
}
