import { buttonClass, EmptyState, Icon } from '@ateneo/ui';
import { Link } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Answer } from '../../shell/problem.js';

const groupsShown = 8;

/** What waits for my signature, by trainee and day, the latest first. */
export const Waiting = () => {
  const { t, format } = useLanguage();
  const waiting = useAsk('logbook.list-waiting', { size: groupsShown });
  return (
    <section className="at-card at-card--flush" aria-labelledby="waiting">
      <Answer of={waiting}>
        {({ total, groups }) =>
          total === 0 ? (
            <>
              <h2 id="waiting" className="visually-hidden">
                {t('home.waiting')}
              </h2>
              <EmptyState icon="check" title={t('home.nothing-waits')}>
                {t('home.nothing-waits-why')}
              </EmptyState>
            </>
          ) : (
            <>
              <div className="at-row at-row--between at-group-title">
                <h2 id="waiting">{t('home.waiting-n', { n: total })}</h2>
                <Link to="/validation" className={buttonClass({ look: 'primary', small: true })}>
                  {t('home.go-validate')}
                </Link>
              </div>
              <ul className="at-rows">
                {groups.map(({ traineeId, trainee, day, n }) => (
                  <li key={`${traineeId} ${day}`}>
                    <Link to={`/validation?trainee=${traineeId}&day=${day}`} className="at-rows__link">
                      <span>
                        <span className="at-rows__title">{trainee}</span>
                        <span className="at-rows__note">
                          {format.longDay(day)} · {t('home.entries-n', { n })}
                        </span>
                      </span>
                      <Icon name="forward" />
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Answer>
    </section>
  );
};
