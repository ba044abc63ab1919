import { Icon } from '@ateneo/ui';
import { linkTo } from '../../../api/client.js';
import { useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Answer } from '../../../shell/problem.js';
import { useViewer } from '../../../shell/viewer.js';
import { RegisterReport } from '../reports/register-report.js';

/** Reports issued for the trainee, newest first; each opens its PDF. */
export const IssuedReports = ({ traineeId }: { traineeId: string }) => {
  const { t, format } = useLanguage();
  const { role } = useViewer();
  const reports = useAsk('reporting.list-reports', { traineeId });
  return (
    <section className="at-card at-card--flush" aria-labelledby="reports">
      <h2 id="reports" className="at-group-title">
        {t('career.reports')}
      </h2>
      <Answer of={reports} rows={2}>
        {({ reports: rows }) =>
          rows.length === 0 ? (
            <p className="at-rows__link at-soft">{t('career.no-reports')}</p>
          ) : (
            <ul className="at-rows">
              {rows.map(({ reportId, code, issuedAt, locale, protocol }) => (
                <li key={reportId} className="at-rows__link">
                  <span>
                    <a href={linkTo('reporting.download-report', { reportId })} target="_blank" rel="noopener" className="at-rows__title">
                      {t('reports.issued', { at: format.instant(issuedAt) })} <Icon name="external" />
                    </a>
                    <span className="at-rows__note">
                      {code} · {t(locale === 'it' ? 'reports.in-italian' : 'reports.in-english')}
                    </span>
                  </span>
                  {protocol ? (
                    <span className="at-numbers">{protocol}</span>
                  ) : (
                    role !== 'director' && (
                      <RegisterReport reportId={reportId} name={format.instant(issuedAt)} onRegistered={() => void reports.refetch()} />
                    )
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
};
