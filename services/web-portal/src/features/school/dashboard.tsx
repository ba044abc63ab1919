import { Chart, CountBar } from '@ateneo/ui';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { OutputOf } from '../../api/client.js';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { Answer } from '../../shell/problem.js';
import { useSchoolId } from './school-of-page.js';

type Dashboard = OutputOf<'reporting.show-school-dashboard'>;
const everyMinute = 60_000;

/** `/school/:school/dashboard`: registrations a day, validated and waiting, who has something to do. */
export const Component = () => {
  const { t } = useLanguage();
  const schoolId = useSchoolId();
  const dashboard = useAsk('reporting.show-school-dashboard', { schoolId }, { every: everyMinute });
  return (
    <Page title={t('dashboard.title')}>
      <Answer of={dashboard}>
        {(data) => (
          <div className="at-stack">
            <div className="at-split">
              <Daily data={data} />
              <States data={data} />
            </div>
            <div className="at-grid at-grid--start">
              <Tutors data={data} />
              <WithoutEntries data={data} />
            </div>
          </div>
        )}
      </Answer>
    </Page>
  );
};

type Props = { data: Dashboard };
const labelsShown = 6;

const Daily = ({ data }: Props) => {
  const { t, format } = useLanguage();
  const bars = data.daily.map(({ day, n }) => ({ key: day, label: format.day(day), value: n }));
  return (
    <section className="at-card">
      <Chart
        title={t('dashboard.daily')}
        bars={bars}
        labelLabel={t('dashboard.day')}
        valueLabel={t('dashboard.n')}
        format={format.number}
        labelEvery={Math.max(1, Math.ceil(bars.length / labelsShown))}
      />
    </section>
  );
};

const States = ({ data }: Props) => {
  const { t, format } = useLanguage();
  const { draft, submitted, validated } = data;
  const sent = submitted + validated;
  const figures = [
    { key: 'validated', label: t('trainees.validated'), n: validated, look: 'definitive' },
    { key: 'submitted', label: t('trainees.submitted'), n: submitted, look: 'provisional' },
    { key: 'draft', label: t('trainees.draft'), n: draft, look: 'soft' },
  ] as const;
  return (
    <section className="at-card at-stack" aria-labelledby="states">
      <h2 id="states">{t('dashboard.states')}</h2>
      <CountBar parts={figures} most={draft + sent} />
      <dl className="at-stack at-stack--tight">
        {figures.map(({ key, label, n, look }) => (
          <div key={key} className="at-row at-row--between">
            <dt className="at-row">
              <span className={`at-legend__swatch at-count-bar__part--${look}`} />
              {label}
            </dt>
            <dd className="at-numbers at-strong">{format.number(n)}</dd>
          </div>
        ))}
      </dl>
      {sent > 0 && (
        <p className="at-soft">{t('dashboard.validated-share', { percent: format.percent(Math.floor((validated / sent) * 100)) })}</p>
      )}
    </section>
  );
};

const Tutors = ({ data }: Props) => {
  const { t, format } = useLanguage();
  const rows = data.tutorsWithWaiting.toSorted((a, b) => b.waiting - a.waiting);
  return (
    <List
      id="tutors"
      title={t('dashboard.tutors')}
      lead={t('dashboard.tutors-of', { n: rows.length, total: data.tutors })}
      none={t('dashboard.no-waiting')}
    >
      {rows.map(({ tutorId, name, waiting }) => (
        <li key={tutorId} className="at-rows__link">
          <span>{name}</span>
          <span className="at-numbers">
            {t('dashboard.waiting')}: <strong>{format.number(waiting)}</strong>
          </span>
        </li>
      ))}
    </List>
  );
};

const WithoutEntries = ({ data }: Props) => {
  const { t } = useLanguage();
  const schoolId = useSchoolId();
  const rows = data.traineesWithoutEntries;
  return (
    <List
      id="without"
      title={t('dashboard.without')}
      lead={t('dashboard.without-of', { n: rows.length, total: data.trainees })}
      none={t('dashboard.nobody-without')}
    >
      {rows.map(({ traineeId, name }) => (
        <li key={traineeId}>
          <Link to={`/school/${schoolId}/trainees/${traineeId}`} className="at-rows__link">
            {name}
          </Link>
        </li>
      ))}
    </List>
  );
};

const List = ({
  id,
  title,
  lead,
  none,
  children,
}: {
  id: string;
  title: string;
  lead: string;
  none: string;
  children: readonly ReactNode[];
}) => (
  <section className="at-card at-card--flush" aria-labelledby={id}>
    <div className="at-group-title">
      <h2 id={id}>{title}</h2>
      <p className="at-soft">{children.length > 0 ? lead : none}</p>
    </div>
    {children.length > 0 && <ul className="at-rows">{children}</ul>}
  </section>
);
