import { buttonClass, Icon } from '@ateneo/ui';
import { Link } from 'react-router';
import type { OutputOf } from '../../api/client.js';
import { useAsk } from '../../api/hooks.js';
import { useLive } from '../../api/live.js';
import { useLanguage } from '../../i18n/language.js';
import { Answer } from '../../shell/problem.js';
import { useViewer } from '../../shell/viewer.js';
import { Waiting } from './waiting.js';

type Dashboard = OutputOf<'reporting.show-school-dashboard'>;
const shown = 8;

const SchoolHome = () => {
  const { t } = useLanguage();
  const { role, schoolId } = useViewer();
  const school = schoolId ?? '';
  const dashboard = useAsk('reporting.show-school-dashboard', { schoolId: school });
  useLive(role === 'director' ? [{ key: 'waiting', refreshes: ['logbook.list-waiting', 'reporting.show-school-dashboard'] }] : []);
  return (
    <div className="at-stack">
      <Answer of={dashboard}>{(data) => <Figures data={data} />}</Answer>
      <div className="at-split">
        {role === 'director' ? <Waiting /> : <Acts schoolId={school} />}
        {dashboard.data && <WhoIsLate data={dashboard.data} />}
      </div>
      <Link to={`/school/${school}/dashboard`}>{t('home.open-dashboard')}</Link>
    </div>
  );
};
export default SchoolHome;

const Figures = ({ data }: { data: Dashboard }) => {
  const { t, format } = useLanguage();
  const figures = [
    ['home.trainees', data.trainees],
    ['home.tutors', data.tutors],
    ['home.submitted', data.submitted],
    ['home.validated', data.validated],
  ] as const;
  return (
    <dl className="at-card at-figures">
      {figures.map(([key, n]) => (
        <div key={key}>
          <dt className="at-figure__label">{t(key)}</dt>
          <dd className="at-figure__value">{format.number(n)}</dd>
        </div>
      ))}
    </dl>
  );
};

const Acts = ({ schoolId }: { schoolId: string }) => {
  const { t } = useLanguage();
  const acts = [
    { screen: 'trainees', icon: 'people', label: 'home.act-trainees' },
    { screen: 'reports', icon: 'document', label: 'home.act-reports' },
    { screen: 'import', icon: 'upload', label: 'home.act-import' },
  ] as const;
  return (
    <section className="at-card at-stack" aria-labelledby="acts">
      <h2 id="acts">{t('home.acts')}</h2>
      {acts.map(({ screen, icon, label }) => (
        <Link key={screen} to={`/school/${schoolId}/${screen}`} className={buttonClass({ look: 'outline', block: true })}>
          <Icon name={icon} /> {t(label)}
        </Link>
      ))}
    </section>
  );
};

const WhoIsLate = ({ data }: { data: Dashboard }) => {
  const { t } = useLanguage();
  return (
    <section className="at-card at-stack" aria-labelledby="late">
      <h2 id="late">{t('home.late')}</h2>
      <div>
        <h3>{t('home.tutors-waiting', { n: data.tutorsWithWaiting.length })}</h3>
        <ul className="at-soft at-plain">
          {data.tutorsWithWaiting.slice(0, shown).map(({ tutorId, name, waiting }) => (
            <li key={tutorId}>{t('home.name-and-n', { name, n: waiting })}</li>
          ))}
        </ul>
      </div>
      <div>
        <h3>{t('home.without-entries', { n: data.traineesWithoutEntries.length })}</h3>
        <ul className="at-soft at-plain">
          {data.traineesWithoutEntries.slice(0, shown).map(({ traineeId, name }) => (
            <li key={traineeId}>
              <Link to={`/counters/${traineeId}`}>{name}</Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
};
