import { z } from 'zod';
import { AXES, code, localised, officeText } from '../values.js';

const classifiedValue = z.object({ axis: z.enum(AXES), value: code(80), label: localised });
const item = z.object({ key: code(80), label: localised });

/** Rule kinds of the catalogue README §1.3; counting.md settles what they leave open. */
export type Rule =
  | { kind: 'min_count'; minimum: number }
  | {
      kind: 'share';
      minimum: number;
      percent?: number;
      fraction?: { numerator: number; denominator: number };
      partMinimum: number;
      part: ClassifiedValue;
      remainder?: ClassifiedValue;
    }
  | { kind: 'sub_minimum'; minimum: number; partMinimum: number; part: ClassifiedValue }
  | { kind: 'components'; components: { key: string; label: { it: string; en: string }; minimum: number }[] }
  | { kind: 'each_of'; minimumEach: number; items: { key: string; label: { it: string; en: string } }[] }
  | { kind: 'subset_of'; minimum: number; of: string }
  | { kind: 'sum_of'; of: string[] }
  | { kind: 'duration'; unit: 'weeks' | 'months' | 'semesters' | 'years'; minimum?: number; minimumPerYear?: number; years?: number }
  | { kind: 'all'; rules: Rule[] }
  | { kind: 'year_window'; minimum: number; lastYears: number; requires: ClassifiedValue }
  | { kind: 'track'; track: string; rule: Rule }
  | { kind: 'cross_credit'; from: { key: string; label: { it: string; en: string } }; to: string[]; decidedBy: 'tutor' }
  | { kind: 'credits'; minimum: number; scope: { key: string; label: { it: string; en: string } } }
  | { kind: 'qualitative'; attestedBy: 'tutor' };
export type ClassifiedValue = z.output<typeof classifiedValue>;

const duration = z.object({
  kind: z.literal('duration'),
  unit: z.enum(['weeks', 'months', 'semesters', 'years']),
  minimum: z.number().int().positive().optional(),
  minimumPerYear: z.number().int().positive().optional(),
  years: z.number().int().positive().optional(),
});
export const rule: z.ZodType<Rule> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('min_count'), minimum: z.number().int().positive() }),
    z.object({
      kind: z.literal('share'),
      minimum: z.number().int().positive(),
      percent: z.number().int().optional(),
      fraction: z.object({ numerator: z.number().int(), denominator: z.number().int() }).optional(),
      partMinimum: z.number().int(),
      part: classifiedValue,
      remainder: classifiedValue.optional(),
    }),
    z.object({ kind: z.literal('sub_minimum'), minimum: z.number().int(), partMinimum: z.number().int(), part: classifiedValue }),
    z.object({ kind: z.literal('components'), components: z.array(item.extend({ minimum: z.number().int() })) }),
    z.object({ kind: z.literal('each_of'), minimumEach: z.number().int(), items: z.array(item) }),
    z.object({ kind: z.literal('subset_of'), minimum: z.number().int(), of: code(80) }),
    z.object({ kind: z.literal('sum_of'), of: z.array(code(80)) }),
    duration,
    z.object({ kind: z.literal('all'), rules: z.array(rule) }),
    z.object({ kind: z.literal('year_window'), minimum: z.number().int(), lastYears: z.number().int(), requires: classifiedValue }),
    z.object({ kind: z.literal('track'), track: code(60), rule }),
    z.object({ kind: z.literal('cross_credit'), from: item, to: z.array(code(80)), decidedBy: z.literal('tutor') }),
    z.object({ kind: z.literal('credits'), minimum: z.number().int(), scope: item }),
    z.object({ kind: z.literal('qualitative'), attestedBy: z.literal('tutor') }),
  ]),
);

export const requirement = z.object({
  id: code(80),
  label: localised,
  note: localised.optional(),
  unit: code(40),
  minimum: z.number().int().nullable(),
  rule,
  parent: code(80).optional(),
  simulationAllowed: z.boolean().optional(),
  networkVolume: z.object({ oneTraineePerYear: z.number(), schoolActivation: z.number() }).optional(),
  verify: z.boolean(),
  source: officeText(400),
});
export const requirementSet = z.object({
  id: code(80),
  act: officeText(200),
  actDate: code(40),
  version: code(40),
  mode: z.enum(['core', 'supplement']),
  note: localised.optional(),
  tracks: z
    .array(
      z.object({
        key: code(60),
        label: localised,
        note: localised.optional(),
        durationYears: z.number(),
        mode: z.enum(['common', 'elective']),
      }),
    )
    .optional(),
  requirements: z.array(requirement),
});

/** Where an activity leads. One activity may feed several requirements, each once (counting.md 2, 21). */
export const feed = z.object({
  requirementId: code(80),
  /** key of a component (`components`) or item (`each_of`) of that requirement */
  part: code(80).optional(),
});

/**
 * An activity that a trainee can log. `act`: counted by quantity on a day; `rotation`: a period, feeds only a duration rule (counting.md 8);
 * `credits`: study credits; `cross-credit`: operative obstetrics and the like (counting.md 12).
 */
export const activity = z.object({
  /** stable code, e.g. `CHIR-402-01`, `CARD-402-12/angioplasty`, `RADI-402-01/rotation`; schools' own: `<school code>/<slug>` */
  code: z.string(),
  setId: z.string(),
  label: localised,
  kind: z.enum(['act', 'rotation', 'credits', 'cross-credit']),
  feeds: z.array(feed),
  unit: z.string(),
  /** counted in bulk: the form offers a quantity */
  bulk: z.boolean(),
  /** classified fields that must be stated, with the values that the rules know (others are allowed) */
  requires: z.array(z.object({ axis: z.enum(AXES), values: z.array(z.object({ value: code(80), label: localised })) })),
  simulationAllowed: z.boolean(),
  track: z.string().optional(),
});

export type Requirement = z.output<typeof requirement>;
export type RequirementSet = z.output<typeof requirementSet>;
export type Activity = z.output<typeof activity>;
export type Feed = z.output<typeof feed>;
