import fc from 'fast-check';
import { plainRulesOf, type CatalogueRequirement } from './derived-activities.js';
import { atMinute, dayAt, enrolmentKey, idOf, type Draft } from './random-events.js';

/** One interval: how many days after the one before it, told how late, and what became of it. */
type Spell = {
  after: number;
  recorded: number;
  then: 'held' | 'revoked' | 'withdrawn' | 'revoked, withdrawn';
  days: number;
  later: number;
};
export type AttestationScript = { requirement: number; from: number; spells: Spell[] };

export const anyAttestation = (on: fc.Arbitrary<number>): fc.Arbitrary<AttestationScript> =>
  fc.record({
    requirement: fc.nat(20),
    from: on,
    spells: fc.array(
      fc.record({
        after: fc.nat(200),
        recorded: fc.nat(300),
        then: fc.constantFrom('held', 'revoked', 'revoked', 'withdrawn', 'revoked, withdrawn'),
        days: fc.nat(400),
        later: fc.nat(100),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  });

/** The facts of one requirement as the logbook would accept them: in the order in which they are told, intervals without a day in common. */
function factsOf(from: number, spells: readonly Spell[]): { type: string; at: number; from: number }[] {
  const facts: { type: string; at: number; from: number }[] = [];
  let free = from;
  let now = 0;
  for (const { after, recorded, then, days, later } of spells) {
    const begun = free + after;
    now = Math.max(now + 1, begun + recorded);
    facts.push({ type: 'requirement-attested.v1', at: now, from: begun });
    if (then === 'held') return facts;
    if (then !== 'withdrawn') {
      const until = begun + days;
      now = Math.max(now, until) + later;
      facts.push({ type: 'attestation-revoked.v1', at: now, from: until });
      free = until;
    }
    if (then !== 'revoked') facts.push({ type: 'attestation-withdrawn.v1', at: (now += later), from: begun });
  }
  return facts;
}

/** Attestations, revocations and withdrawals of the requirements that have no number, each requirement a stream of its own. */
export function attestationEvents(start: string, asked: readonly CatalogueRequirement[], scripts: readonly AttestationScript[]): Draft[] {
  const qualitative = asked.filter((it) => plainRulesOf(it.rule).some((rule) => rule.kind === 'qualitative'));
  if (qualitative.length === 0) return [];
  const chosen = new Map(scripts.map((it) => [it.requirement % qualitative.length, it]));
  return [...chosen].flatMap(([n, { from, spells }]) => {
    const attestationId = idOf('attestation', n);
    const data = { attestationId, ...enrolmentKey, requirementId: qualitative[n]!.id };
    return factsOf(from, spells).map(({ type, at, from: day }): Draft => ({
      ...{ service: 'logbook', type, stream: attestationId, at: atMinute(at), data: { ...data, from: dayAt(start, day) } },
    }));
  });
}
