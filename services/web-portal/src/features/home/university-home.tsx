import { Icon } from '@ateneo/ui';
import { Link } from 'react-router';
import { useLanguage } from '../../i18n/language.js';
import { Answer } from '../../shell/problem.js';
import { useViewer } from '../../shell/viewer.js';
import { useUniversity } from '../school/university.js';

const UniversityHome = () => {
  const { role } = useViewer();
  return (
    <div className="at-stack">
      {role === 'administrator' && <SystemLink />}
      <Schools />
    </div>
  );
};
export default UniversityHome;

const SystemLink = () => {
  const { t } = useLanguage();
  return (
    <Link to="/admin/system" className="at-card at-card--flush at-rows__link">
      <span>
        <span className="at-rows__title">{t('home.open-system')}</span>
        <span className="at-rows__note">{t('home.open-system-why')}</span>
      </span>
      <Icon name="pulse" />
    </Link>
  );
};

const Schools = () => {
  const { t, format, locale } = useLanguage();
  const university = useUniversity();
  return (
    <section className="at-card at-card--flush" aria-labelledby="schools">
      <h2 id="schools" className="at-group-title">
        {t('home.schools')}
      </h2>
      <Answer of={university}>
        {({ schools }) => (
          <ul className="at-rows">
            {schools
              .toSorted((a, b) => format.local(a.name).localeCompare(format.local(b.name), locale))
              .map(({ schoolId, code, name, years }) => (
                <li key={schoolId}>
                  <Link to={`/school/${schoolId}/trainees`} className="at-rows__link">
                    <span>
                      <span className="at-rows__title">{format.local(name)}</span>
                      <span className="at-rows__note">{t('home.school-line', { code, years })}</span>
                    </span>
                    <Icon name="people" />
                  </Link>
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </section>
  );
};
