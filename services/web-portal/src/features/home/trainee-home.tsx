import { buttonClass, Icon, Note, ProgressPair } from '@ateneo/ui';
import { Link } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLive } from '../../api/live.js';
import { today } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/language.js';
import { Answer } from '../../shell/problem.js';
import { useViewer } from '../../shell/viewer.js';
import { useSchoolName } from '../school/university.js';
import { useCatalogue, useLoggingHelp } from '../logbook/catalogue.js';
import { EntryRow } from '../logbook/my-entries.js';

const TraineeHome = () => {
  const { t } = useLanguage();
  const { me } = useViewer();
  const help = useLoggingHelp();
  useLive([
    { key: `entries:${me.personId}`, refreshes: ['logbook.list-entries'] },
    { key: `counters:${me.personId}`, refreshes: ['reporting.show-counters'] },
  ]);
  const suspended = help.data?.enrolment?.suspendedToday;
  return (
    <div className="at-split">
      <div className="at-stack">
        {suspended ? (
          <Note look="caution">{t('entry.suspended')}</Note>
        ) : (
          <Link to="/logbook/new" className={buttonClass({ look: 'primary', block: true })}>
            <Icon name="add" /> {t('entry.new')}
          </Link>
        )}
        <CameBack />
        <Progress />
      </div>
      <MySchool />
    </div>
  );
};
export default TraineeHome;

/** Drafts: first the ones that a validator gave back. */
const CameBack = () => {
  const { t } = useLanguage();
  const { me } = useViewer();
  const help = useLoggingHelp();
  const catalogue = useCatalogue(help.data?.enrolment?.cohortId);
  const drafts = useAsk('logbook.list-entries', { traineeId: me.personId, state: 'draft', size: 5 });
  const rows = drafts.data?.entries.toSorted((a, b) => Number(b.reason !== null) - Number(a.reason !== null)) ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="at-card at-card--flush" aria-labelledby="drafts">
      <h2 id="drafts" className="at-group-title">
        {t('home.to-finish', { n: drafts.data?.total ?? 0 })}
      </h2>
      <ul className="at-rows">
        {rows.map((entry) => (
          <EntryRow key={entry.entryId} entry={entry} catalogue={catalogue} />
        ))}
      </ul>
      {(drafts.data?.total ?? 0) > rows.length && (
        <p className="at-group-title">
          <Link to="/logbook?state=draft">{t('home.all-drafts')}</Link>
        </p>
      )}
    </section>
  );
};

const Progress = () => {
  const { t, format } = useLanguage();
  const { me } = useViewer();
  const counters = useAsk('reporting.show-counters', { traineeId: me.personId });
  return (
    <section className="at-card at-stack" aria-labelledby="progress">
      <h2 id="progress">{t('home.progress')}</h2>
      <Answer of={counters} rows={2}>
        {({ sets }) => (
          <>
            {sets.map((set) => (
              <div key={set.setId} className="at-stack at-stack--tight">
                <div className="at-row at-row--between">
                  <span>{t(set.mode === 'core' ? 'counters.core' : 'counters.supplement')}</span>
                  <span className="at-numbers">
                    <strong>{format.percent(set.percent.definitive ?? 0)}</strong>{' '}
                    {t('home.provisional', { percent: format.percent(set.percent.provisional ?? 0) })}
                  </span>
                </div>
                <ProgressPair definitive={set.percent.definitive ?? 0} provisional={set.percent.provisional ?? 0} minimum={100} />
                {set.missingAttestations > 0 && <p className="at-soft">{t('home.attestations', { n: set.missingAttestations })}</p>}
              </div>
            ))}
            <Link to={`/counters/${me.personId}`}>{t('home.open-counters')}</Link>
          </>
        )}
      </Answer>
    </section>
  );
};

const MySchool = () => {
  const { t, format } = useLanguage();
  const { me } = useViewer();
  const schoolName = useSchoolName();
  const career = useAsk('career.show-career', { traineeId: me.personId });
  const tutors = useAsk('school-network.list-tutor-assignments', { traineeId: me.personId, current: true });
  const enrolment = career.data?.enrolments[0];
  const now = today();
  const year = enrolment?.years.find(({ from, to }) => from <= now && now <= to);
  if (!enrolment) return null;
  return (
    <section className="at-card" aria-labelledby="my-school">
      <h2 id="my-school">{t('home.my-school')}</h2>
      <dl className="at-facts">
        <div>
          <dt>{t('home.school')}</dt>
          <dd>{schoolName(enrolment.schoolId)}</dd>
        </div>
        {year && (
          <div>
            <dt>{t('home.year')}</dt>
            <dd>
              {t('counters.year', { n: year.year })} <span className="at-rows__note">{format.period(year.from, year.to)}</span>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('home.tutor-now')}</dt>
          <dd>{tutors.data?.assignments.map(({ tutor }) => tutor).join(', ') || t('home.no-tutor')}</dd>
        </div>
        <div>
          <dt>{t('home.student-number')}</dt>
          <dd>{enrolment.studentNumber}</dd>
        </div>
      </dl>
    </section>
  );
};
