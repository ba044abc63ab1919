import { Note, StateBadge } from '@ateneo/ui';
import { useLanguage } from '../../../i18n/language.js';
import { RequirementRow } from './requirement-row.js';
import { inFamilies, type Counters, type Elapsed, type SetCounter } from './requirement-state.js';

/** One requirement set: its act, its percentage, what stands beside it in words, and a row for each requirement. */
export const SetSection = ({ set, counters, elapsed }: { set: SetCounter; counters: Counters; elapsed: Elapsed }) => {
  const { t, format } = useLanguage();
  return (
    <section className="at-stack" aria-labelledby={`set-${set.setId}`}>
      <div className="at-row at-row--between">
        <div>
          <h2 id={`set-${set.setId}`}>{t(set.mode === 'core' ? 'counters.core' : 'counters.supplement')}</h2>
          <p className="at-soft">
            {set.act}, {t('counters.version', { version: set.version })}
          </p>
        </div>
        {set.met.definitive && (
          <StateBadge look="positive" icon="check">
            {t('counters.set-met')}
          </StateBadge>
        )}
      </div>
      <div className="at-card">
        <dl className="at-figures">
          <Percent label={t('ui.definitive')} percent={set.percent.definitive} />
          <Percent label={t('ui.provisional')} percent={set.percent.provisional} />
          <div>
            <dt className="at-figure__label">{t('counters.attestations')}</dt>
            <dd className="at-figure__value">
              {set.missingAttestations === 0 ? t('counters.none-missing') : format.number(set.missingAttestations)}
            </dd>
          </div>
        </dl>
      </div>
      {set.track.missing && <Note look="caution">{t('counters.track-missing')}</Note>}
      <ul className="at-card at-card--flush at-rows">
        {inFamilies(set.requirements).map((requirement) => (
          <RequirementRow key={requirement.requirementId} requirement={requirement} set={set} counters={counters} elapsed={elapsed} />
        ))}
      </ul>
    </section>
  );
};

const Percent = ({ label, percent }: { label: string; percent: number | null }) => {
  const { format } = useLanguage();
  return (
    <div>
      <dt className="at-figure__label">{label}</dt>
      <dd className="at-figure__value">{percent === null ? '–' : format.percent(percent)}</dd>
    </div>
  );
};
