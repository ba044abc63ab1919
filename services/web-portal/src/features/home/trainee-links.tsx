import { StateBadge } from '@ateneo/ui';
import { Link } from 'react-router';
import type { OutputOf } from '../../api/client.js';
import { useLanguage } from '../../i18n/language.js';

type TraineeRow = OutputOf<'reporting.list-trainees'>['trainees'][number];

/** Trainees with what waits and how far they are; each leads to the counters. */
export const TraineeLinks = ({ trainees }: { trainees: readonly TraineeRow[] }) => {
  const { t, format } = useLanguage();
  return (
    <ul className="at-rows">
      {trainees.map((trainee) => (
        <li key={trainee.enrolmentId}>
          <Link to={`/counters/${trainee.traineeId}`} className="at-rows__link">
            <span>
              <span className="at-rows__title">{trainee.name}</span>
              <span className="at-rows__note">
                {t('home.waiting-and-validated', { submitted: trainee.submitted, validated: trainee.validated })}
              </span>
            </span>
            {trainee.suspended ? (
              <StateBadge look="caution">{t('home.suspended')}</StateBadge>
            ) : (
              <strong className="at-numbers">{trainee.definitivePercent === null ? '–' : format.percent(trainee.definitivePercent)}</strong>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
};
