import { z } from 'zod';

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
/** Days that every month has need no calendar. */
const isRealDay = (text: string): boolean => {
  if (!dayPattern.test(text)) return false;
  const [month, date] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  if (month < 1 || month > 12 || date < 1) return false;
  return date <= 28 || date <= new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate();
};

/** A calendar day `YYYY-MM-DD` in Europe/Rome. */
export const day = z.string().refine(isRealDay, 'day').meta({ format: 'date', description: 'Calendar day, Europe/Rome' });
export const instant = z.iso.datetime().meta({ description: 'Instant, ISO 8601 UTC' });
/** A UUID; upper and lower case are one id. */
export const id = z.uuid().toLowerCase();
export const text = (max: number) => z.string().trim().min(1).max(max);
export const localised = z.object({ it: z.string(), en: z.string() });
export const locale = z.enum(['it', 'en']);
export const page = {
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
};
/** Query-string booleans: `true` / `false`. */
export const flag = z.union([z.boolean(), z.stringbool()]);

/** Classified fields of an entry (catalogue README §1.2 «axis»); autonomy stands apart. */
export const AXES = ['surgical-role', 'participation', 'diagnosis', 'setting', 'procedure', 'purpose'] as const;
export type Axis = (typeof AXES)[number];
export const classified = z.partialRecord(z.enum(AXES), text(80)).default({});

/** Opaque place in the public events of one service, the answer of a command that published something. */
export const positionToken = z.string().max(200);
/** What separates tokens in `after`; no token contains it. */
export const TOKEN_SEPARATOR = '.';
export const accepted = z.object({ token: positionToken.optional() });
/** Added to every query answer that may lag: true = the wait for the token timed out / some events of this key are set aside. */
export const freshness = { stale: z.boolean().optional(), incomplete: z.boolean().optional() };
/** Tokens that a query waits for, all of them within one bound; it says `stale` where it could not. */
export const after = {
  after: z
    .string()
    .max(1_024)
    .optional()
    .meta({ description: 'Tokens (`X-Position`) of what the answer shall show, joined by `.`: at most one of each service' }),
};

export type Localised = z.output<typeof localised>;
export type Locale = z.output<typeof locale>;
