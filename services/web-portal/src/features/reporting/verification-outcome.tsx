import { Note, type NoteLook } from '@ateneo/ui';
import type { OutputOf } from '../../api/client.js';
import { useLanguage } from '../../i18n/language.js';

type Verification = OutputOf<'reporting.verify-report'>;
const looks: Record<Verification['outcome'], NoteLook> = {
  genuine: 'positive',
  'genuine-registered': 'positive',
  'genuine-person-erased': 'positive',
  'file-altered': 'danger',
  unknown: 'danger',
};

/** Genuine or not, of which day, and whether the logbook has moved on since. */
export const VerificationOutcome = ({ verification, byFile }: { verification: Verification; byFile: boolean }) => {
  const { t, format } = useLanguage();
  const { outcome, issuedAt, asOf, protocol, school, contentHash, movedOn } = verification;
  const facts = [
    school && ([t('verify.school'), format.local(school)] as const),
    asOf && ([t('verify.as-of'), format.longDay(asOf)] as const),
    issuedAt && ([t('verify.issued'), format.instant(issuedAt)] as const),
    protocol && ([t('verify.protocol'), protocol] as const),
    contentHash && ([t('verify.content'), contentHash] as const),
  ].filter((fact) => Array.isArray(fact));
  return (
    <Note look={looks[outcome]}>
      <div className="at-stack at-stack--tight">
        <h2>{t(outcome === 'unknown' && byFile ? 'verify.unknown-file' : `verify.${outcome}`)}</h2>
        <p>{t(`verify.${outcome}-why`)}</p>
        {facts.length > 0 && (
          <dl className="at-facts">
            {facts.map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd className="at-anywhere">{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {movedOn !== undefined && <p>{t(movedOn ? 'verify.moved-on' : 'verify.not-moved-on')}</p>}
      </div>
    </Note>
  );
};
