import { buttonClass, Note, StateBadge } from '@ateneo/ui';
import { Link, useParams } from 'react-router';
import { useAsk } from '../../../api/hooks.js';
import { useLive } from '../../../api/live.js';
import { today } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useSchoolId, useSchoolOfPage } from '../school-of-page.js';
import { Assignments } from './assignments.js';
import { IssuedReports } from './issued-reports.js';
import type { Enrolment } from './enrolment.js';
import { Suspensions } from './suspensions.js';
import { Track } from './track.js';

/** `/school/:school/trainees/:trainee`: the career of a trainee, tutors and reports. */
export const Component = () => {
  const { t } = useLanguage();
  const schoolId = useSchoolId();
  const { trainee: traineeId = '' } = useParams();
  const career = useAsk('career.show-career', { traineeId });
  useLive([{ key: `career:${traineeId}`, refreshes: ['career.show-career'] }]);
  return (
    <Answer of={career}>
      {({ enrolments }) => {
        const here = enrolments.toSorted((a, b) => Number(b.schoolId === schoolId) - Number(a.schoolId === schoolId));
        const acts = (
          <>
            <Link to={`/counters/${traineeId}`} className={buttonClass({ look: 'primary' })}>
              {t('trainees.counters')}
            </Link>
            <Link to={`/school/${schoolId}/entries?trainee=${traineeId}`} className={buttonClass({ look: 'outline' })}>
              {t('entries-of.title')}
            </Link>
          </>
        );
        return (
          <Page
            title={here[0]?.name ?? t('career.title')}
            back={{ to: `/school/${schoolId}/trainees`, label: t('trainees.title') }}
            acts={acts}
          >
            <div className="at-stack">
              {here.map((enrolment) => (
                <Career key={enrolment.enrolmentId} enrolment={enrolment} />
              ))}
              <div className="at-grid at-grid--start">
                <Assignments traineeId={traineeId} />
                <IssuedReports traineeId={traineeId} />
              </div>
            </div>
          </Page>
        );
      }}
    </Answer>
  );
};

const Career = ({ enrolment }: { enrolment: Enrolment }) => {
  const { t } = useLanguage();
  return (
    <>
      {enrolment.suspendedToday && <Note look="caution">{t('career.suspended-today')}</Note>}
      <div className="at-grid at-grid--start">
        <EnrolmentFacts enrolment={enrolment} />
        <Years enrolment={enrolment} />
      </div>
      <Suspensions enrolment={enrolment} />
    </>
  );
};

const EnrolmentFacts = ({ enrolment }: { enrolment: Enrolment }) => {
  const { t, format } = useLanguage();
  const { data } = useSchoolOfPage();
  const cohort = data?.cohorts.find(({ cohortId }) => cohortId === enrolment.cohortId);
  return (
    <section className="at-card at-stack" aria-labelledby={`enrolment-${enrolment.enrolmentId}`}>
      <h2 id={`enrolment-${enrolment.enrolmentId}`}>{t('career.enrolment')}</h2>
      <dl className="at-facts">
        <div>
          <dt>{t('career.student-number')}</dt>
          <dd className="at-numbers">{enrolment.studentNumber}</dd>
        </div>
        <div>
          <dt>{t('career.contract')}</dt>
          <dd>{format.period(enrolment.contractStart, enrolment.contractEnd)}</dd>
        </div>
        {cohort && (
          <div>
            <dt>{t('career.cohort')}</dt>
            <dd>{cohort.label}</dd>
          </div>
        )}
        {cohort && (
          <div>
            <dt>{t('career.requirements')}</dt>
            <dd>{[cohort.coreSetId, ...cohort.supplementSetIds].join(', ')}</dd>
          </div>
        )}
        {enrolment.notApplicable.length > 0 && (
          <div>
            <dt>{t('career.not-applicable')}</dt>
            <dd>{enrolment.notApplicable.map(({ requirementId, act }) => `${requirementId} (${act})`).join(', ')}</dd>
          </div>
        )}
      </dl>
      {cohort && <Track enrolment={enrolment} setId={cohort.coreSetId} />}
    </section>
  );
};

const Years = ({ enrolment }: { enrolment: Enrolment }) => {
  const { t, format } = useLanguage();
  const now = today();
  return (
    <section className="at-card at-card--flush">
      <table className="at-table at-table--dense">
        <caption className="at-strong">{t('career.years')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('career.year')}</th>
            <th scope="col">{t('career.from')}</th>
            <th scope="col">{t('career.to')}</th>
          </tr>
        </thead>
        <tbody>
          {enrolment.years.map(({ year, from, to, open }) => (
            <tr key={year}>
              <th scope="row">
                {t('trainees.year-n', { n: year })}{' '}
                {from <= now && (to >= now || open) && <StateBadge look="info">{t('career.current')}</StateBadge>}
              </th>
              <td className="at-nowrap">{format.day(from)}</td>
              <td>{open ? t('career.to-open', { day: format.day(to) }) : <span className="at-nowrap">{format.day(to)}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
