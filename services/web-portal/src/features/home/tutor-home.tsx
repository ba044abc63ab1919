import { EmptyState } from '@ateneo/ui';
import { Link } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLive } from '../../api/live.js';
import { useLanguage } from '../../i18n/language.js';
import { Answer } from '../../shell/problem.js';
import { TraineeLinks } from './trainee-links.js';
import { Waiting } from './waiting.js';

const TutorHome = () => {
  const { t } = useLanguage();
  const trainees = useAsk('reporting.list-trainees', { size: 50 });
  useLive([{ key: 'waiting', refreshes: ['logbook.list-waiting', 'reporting.list-trainees'] }]);
  return (
    <div className="at-split">
      <Waiting />
      <section className="at-card at-card--flush" aria-labelledby="my-trainees">
        <h2 id="my-trainees" className="at-group-title">
          {t('home.my-trainees')}
        </h2>
        <Answer of={trainees}>
          {({ trainees: rows }) =>
            rows.length === 0 ? (
              <EmptyState icon="people" title={t('home.no-trainees')}>
                {t('home.no-trainees-why')}
              </EmptyState>
            ) : (
              <TraineeLinks trainees={rows} />
            )
          }
        </Answer>
        <p className="at-group-title">
          <Link to="/validation">{t('home.go-validate')}</Link>
        </p>
      </section>
    </div>
  );
};
export default TutorHome;
