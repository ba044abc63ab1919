import { LevelSplit, Note } from '@ateneo/ui';
import { useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { ApplicabilityControl } from '../../school/applicability-control.js';
import { AttestationControl } from '../../validation/attestation-control.js';
import { EntriesBehind } from './entries-behind.js';
import type { Counters, Requirement, SetCounter } from './requirement-state.js';
import { ruleSentence } from './rule-sentence.js';

type DetailProps = { requirement: Requirement; set: SetCounter; counters: Counters };
const longLived = 10 * 60_000;

/** The rule in one sentence, its parts, the split by autonomy in both counters, and the entries behind the number. */
export const RequirementDetail = ({ requirement, set, counters }: DetailProps) => {
  const { t, format } = useLanguage();
  return (
    <div className="at-counter-detail">
      <RuleInWords requirement={requirement} setId={set.setId} />
      {requirement.note && <p className="at-soft">{format.local(requirement.note)}</p>}
      {requirement.notApplicableAct && <Note>{t('counters.not-applicable-by', { act: requirement.notApplicableAct })}</Note>}
      {requirement.verify && <p className="at-small at-soft">{t('counters.to-verify')}</p>}
      <Parts requirement={requirement} />
      <Time requirement={requirement} />
      {requirement.provisional.n > 0 && (
        <div className="at-grid">
          {(['definitive', 'provisional'] as const).map((which) => (
            <div key={which} className="at-stack at-stack--tight">
              <h4>{t('counters.by-level', { counter: t(`ui.${which}`), n: requirement[which].n })}</h4>
              <Levels figure={requirement[which]} scale={counters.scale} />
            </div>
          ))}
        </div>
      )}
      <p className="at-small at-soft">{t('counters.logged', { n: requirement.logged })}</p>
      <Attestations requirement={requirement} />
      <div className="at-row at-acts">
        <AttestationControl traineeId={counters.traineeId} enrolmentId={counters.enrolmentId} requirement={requirement} />
        <ApplicabilityControl enrolmentId={counters.enrolmentId} cohortId={counters.cohortId} requirement={requirement} />
      </div>
      {requirement.kind !== 'qualitative' && <EntriesBehind traineeId={counters.traineeId} requirementId={requirement.requirementId} />}
    </div>
  );
};

const RuleInWords = ({ requirement, setId }: { requirement: Requirement; setId: string }) => {
  const { t, format } = useLanguage();
  const { data } = useAsk('school-network.show-requirement-set', { setId }, { staleTime: longLived });
  const found = data?.set.requirements.find(({ id }) => id === requirement.requirementId);
  if (!found) return null;
  const nameOf = (id: string) => {
    const other = data?.set.requirements.find((each) => each.id === id);
    return other ? `«${format.local(other.label)}»` : id;
  };
  return <p>{ruleSentence(found, { t, format, nameOf, amount: (n, unit) => t(`unit.${unit as 'cases'}`, { n }) })}</p>;
};

/** Every attestation, in the order in which it was given; one that was withdrawn too. */
const Attestations = ({ requirement: { attestations = [] } }: { requirement: Requirement }) => {
  const { t, format } = useLanguage();
  if (attestations.length === 0) return null;
  return (
    <ul className="at-parts">
      {attestations.map(({ from, until, withdrawn }, index) => (
        <li key={index}>
          {withdrawn
            ? t('counter.attestation-withdrawn', { from: format.day(from) })
            : until === null
              ? t('counter.attested-from', { from: format.day(from) })
              : t('counter.attested-until', { from: format.day(from), until: format.day(until) })}
        </li>
      ))}
    </ul>
  );
};

const Parts = ({ requirement: { definitive, provisional } }: { requirement: Requirement }) => {
  const { t, format } = useLanguage();
  const rest = provisional.remainder;
  if (provisional.parts.length === 0) return null;
  return (
    <ul className="at-parts">
      {provisional.parts.map((part) => (
        <li key={part.key}>
          <span>{format.local(part.label)}</span>
          <span className="at-numbers">
            {t('counters.part', {
              definitive: definitive.parts.find(({ key }) => key === part.key)?.number ?? 0,
              provisional: part.number,
              minimum: part.minimum,
            })}
          </span>
        </li>
      ))}
      {rest && (
        <li>
          <span>{format.local(rest.label)}</span>
          <span className="at-numbers">{t('counters.remainder', { definitive: definitive.remainder?.n ?? 0, provisional: rest.n })}</span>
        </li>
      )}
    </ul>
  );
};

/** Counted days of a rule that asks for time, in all and by training year. */
const Time = ({ requirement }: { requirement: Requirement }) => {
  const { t } = useLanguage();
  return (['definitive', 'provisional'] as const).map((which) => {
    const { time } = requirement[which];
    if (!time || time.days === 0) return null;
    const years = time.years.filter(({ days }) => days > 0).map(({ year, days }) => t('counters.days-of-year', { year, n: days }));
    return (
      <p key={which} className="at-small at-soft">
        {t(`ui.${which}`)}: {[t('counters.days', { n: time.days }), ...years].join(' · ')}
      </p>
    );
  });
};

const Levels = ({ figure, scale }: { figure: Requirement['definitive']; scale: Counters['scale'] }) => {
  const { t, format } = useLanguage();
  const known = scale.levels
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ key, name }, index) => ({ key, name: format.local(name), n: figure.levels[key] ?? 0, rank: index + 1 }));
  const notStated = { key: 'not-stated', name: t('autonomy.not-stated'), n: figure.levels['not-stated'] ?? 0, rank: null };
  return <LevelSplit levels={notStated.n > 0 ? [...known, notStated] : known} format={format.number} />;
};
