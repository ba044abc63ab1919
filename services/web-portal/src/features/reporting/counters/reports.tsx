import { Button, buttonClass, Icon, useToast } from '@ateneo/ui';
import { linkTo, newId, type OutputOf } from '../../../api/client.js';
import { useAct, useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Answer, useProblemText } from '../../../shell/problem.js';

type Report = OutputOf<'reporting.list-reports'>['reports'][number];

/** The PDF reports of a trainee: issue one now, download any. */
export const Reports = ({ traineeId }: { traineeId: string }) => {
  const { t, locale } = useLanguage();
  const toast = useToast();
  const sentence = useProblemText();
  const reports = useAsk('reporting.list-reports', { traineeId });
  const issue = useAct('reporting.issue-report');
  const generate = () =>
    issue.mutate(
      { reportId: newId(), traineeId, locale },
      {
        onSuccess: ({ report }) => toast({ text: t('report.ready'), act: <Download report={report} /> }),
        onError: (problem) => toast({ text: sentence(problem), look: 'danger' }),
      },
    );
  return (
    <section className="at-stack" aria-labelledby="reports">
      <div className="at-row at-row--between">
        <div>
          <h2 id="reports">{t('report.title')}</h2>
          <p className="at-soft">{t('report.lead')}</p>
        </div>
        <Button look="primary" icon="document" pending={issue.isPending} onClick={generate}>
          {t('report.issue')}
        </Button>
      </div>
      <Answer of={reports} rows={2}>
        {({ reports: issued }) =>
          issued.length === 0 ? (
            <p className="at-soft">{t('report.none')}</p>
          ) : (
            <ul className="at-card at-card--flush at-rows">
              {issued.map((report) => (
                <ReportRow key={report.reportId} report={report} />
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
};

const ReportRow = ({ report }: { report: Report }) => {
  const { t, format } = useLanguage();
  return (
    <li className="at-rows__link">
      <span>
        <span className="at-rows__title">{format.instant(report.issuedAt)}</span>
        <span className="at-rows__note">
          {t('report.code', { code: report.code })} ·{' '}
          {report.protocol ? t('report.protocol', { protocol: report.protocol }) : t('report.by', { name: report.issuedBy })}
        </span>
      </span>
      <Download report={report} />
    </li>
  );
};

const Download = ({ report }: { report: Report }) => {
  const { t, format } = useLanguage();
  return (
    <a
      href={linkTo('reporting.download-report', { reportId: report.reportId })}
      className={buttonClass({ look: 'outline', small: true })}
      target="_blank"
      rel="noreferrer"
      aria-label={t('report.open', { day: format.instant(report.issuedAt) })}
    >
      <Icon name="download" /> {t('report.pdf')}
    </a>
  );
};
