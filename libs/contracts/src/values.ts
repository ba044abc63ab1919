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

/**
 * What a string may hold, for whatever is no id, day, choice or pattern (ADR 0037). `personal`: typed by a person about somebody, at rest only under that
 * person's key. `office`: typed by an office about nobody, stays readable. `secret`: never at rest as it is. `asked`: part of a question, never stored.
 */
export type TextKind = 'personal' | 'office' | 'secret' | 'asked';
const kinds = new WeakMap<z.ZodType, TextKind>();
/** Declares what a string's schema may hold. */
export const declaredAs = <S extends z.ZodType>(kind: TextKind, schema: S): S => {
  kinds.set(schema, kind);
  return schema;
};
/** The declared kind of a string's schema. */
export const textKindOf = (schema: z.ZodType): TextKind | undefined => kinds.get(schema);
const text = (max: number) => z.string().trim().min(1).max(max);
export const personalText = (max: number) => declaredAs('personal', text(max));
/** The same, where nothing may be said. */
export const personalTextOrBlank = (max: number) => declaredAs('personal', z.string().trim().max(max));
export const officeText = (max: number) => declaredAs('office', text(max));
export const secretText = (max: number, min = 1) => declaredAs('secret', z.string().min(min).max(max));
export const askedText = (max: number) => declaredAs('asked', z.string().max(max));

/** A name that machines gave: no blanks, so no sentence. */
export const CODE_TEXT = /^[A-Za-z0-9][A-Za-z0-9._:/+-]*$/;
export const code = (max: number) => z.string().trim().max(max).regex(CODE_TEXT, 'code');
/** Kind and number of an act of an office, and nothing else: «Delibera 12/2026». */
export const officialAct = z
  .string()
  .trim()
  .regex(/^(Delibera|Decreto|Determina|Determinazione|Provvedimento|Verbale|D\.R\.|D\.D\.|Prot\.) \d{1,7}(\/\d{4})?$/, 'official-act')
  .meta({ description: 'Kind and number of the act: Delibera 12/2026' });
/** The number of an act in the protocol register (DPR 445/2000 art. 57). */
export const PROTOCOL = /^\d{7}\/\d{4}$/;
export const protocol = z
  .string()
  .regex(PROTOCOL, 'protocol')
  .meta({ description: 'At least seven digits, a slash, the year: 0000123/2026 (DPR 445/2000 art. 57)' });
/** Words of an office about nobody: labels of the catalogue, names of schools. */
export const localised = z.object({ it: declaredAs('office', z.string().max(2_000)), en: declaredAs('office', z.string().max(2_000)) });
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
export const classified = z.partialRecord(z.enum(AXES), code(80)).default({});

/** Opaque place in the public events of one service, the answer of a command that published something. */
export const positionToken = z.string().max(200);
/** What separates tokens in `after`; no token contains it. */
export const TOKEN_SEPARATOR = '.';
export const accepted = z.object({
  token: positionToken.optional(),
  /** at which the one thing that was changed is now */ revision: z.number().int().optional(),
});
/** Added to every query answer that may lag: true = the wait for the token timed out / some events of this key are set aside. */
export const freshness = { stale: z.boolean().optional(), incomplete: z.boolean().optional() };
/** Tokens that a query waits for, all of them within one bound; it says `stale` where it could not. */
export const after = {
  after: askedText(1_024)
    .optional()
    .meta({ description: 'Tokens (`X-Position`) of what the answer shall show, joined by `.`: at most one of each service' }),
};

export type Localised = z.output<typeof localised>;
export type Locale = z.output<typeof locale>;
