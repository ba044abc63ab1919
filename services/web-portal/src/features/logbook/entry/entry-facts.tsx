import type { ReactNode } from 'react';
import { useLanguage } from '../../../i18n/language.js';
import { useSchool } from '../catalogue.js';
import { useClassWords, type EntryView } from '../entry-words.js';

/** What the entry says; a value that the validator corrected shows both. */
export const EntryFacts = ({ entry }: { entry: EntryView }) => {
  const { t, format } = useLanguage();
  const words = useClassWords();
  const { data: school } = useSchool(entry.schoolId);
  const unit = school?.units.find(({ unitId }) => unitId === entry.unitId);
  const axes = Object.keys({ ...entry.classified, ...entry.certified?.classified });
  const claimed = entry.classified as Readonly<Record<string, string>>;
  const certified = entry.certified?.classified as Readonly<Record<string, string>> | undefined;
  const facts: [string, ReactNode][] = [
    [t('entry.when'), entry.period ? format.period(entry.performedFrom, entry.performedTo) : format.longDay(entry.performedFrom)],
    [t('entry.where'), unit ? `${unit.name} – ${unit.city}` : t('entry.no-unit')],
    ...axes.map((axis): [string, ReactNode] => [
      t(`axis.${axis as 'setting'}`),
      <Corrected
        key={axis}
        claimed={claimed[axis] && words.value(axis, claimed[axis])}
        certified={certified?.[axis] && words.value(axis, certified[axis])}
      />,
    ]),
    [
      t('autonomy.label'),
      <Corrected
        key="autonomy"
        claimed={words.level(entry.autonomy)}
        certified={entry.certified ? words.level(entry.certified.autonomy) : undefined}
      />,
    ],
    [t('entry.quantity'), format.number(entry.quantity)],
  ];
  if (entry.credits !== null) facts.push([t('entry.credits'), format.number(entry.credits)]);
  if (entry.simulated) facts.push([t('entry.how'), t('entry.is-simulated')]);
  facts.push([t('entry.kind'), t(`kind.${entry.kind}`)]);
  if (entry.validator) facts.push([t('entry.validator'), entry.validator]);
  if (entry.note) facts.push([t('entry.note'), entry.note]);
  return (
    <dl className="at-facts">
      {facts.map(([term, description]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{description}</dd>
        </div>
      ))}
    </dl>
  );
};

const Corrected = ({ claimed, certified }: { claimed: string | undefined; certified: string | undefined }) => {
  const { t } = useLanguage();
  if (certified === undefined || certified === claimed) return <>{claimed}</>;
  return (
    <>
      <strong>{certified}</strong> <span className="at-soft">({t('entry.claimed', { value: claimed ?? t('autonomy.not-stated') })})</span>
    </>
  );
};
