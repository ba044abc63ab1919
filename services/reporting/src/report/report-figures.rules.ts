import type { reporting } from '@ateneo/contracts';
import { percentOf } from '../counting/fraction.rules.js';

/** Numbers only as they are counted: how a row is written down follows from them, and every report ever issued is compared by this shape. */
const figureOf = ({ n, achieved, progress, met, levels, parts }: reporting.Figure) => ({
  n,
  achieved,
  progress,
  percent: progress && percentOf(progress),
  met,
  levels,
  parts: parts.map(({ key, n: number, minimum, met: reached }) => ({ key, n: number, minimum, met: reached })),
});

/** What a report says in numbers, apart from words, names and days: the same figures give the same `contentHash` on any day. */
export const figuresOf = (sets: readonly reporting.SetCounter[]) => ({
  sets: sets.map(({ setId, version, percent, met, track, requirements }) => ({
    setId,
    version,
    percent,
    met,
    track: track.chosen,
    requirements: requirements.map(({ requirementId, minimum, applicable, provisional, definitive }) => ({
      requirementId,
      minimum,
      applicable,
      provisional: figureOf(provisional),
      definitive: figureOf(definitive),
    })),
  })),
});
