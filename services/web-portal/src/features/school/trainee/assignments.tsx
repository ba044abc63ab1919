import { useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Answer } from '../../../shell/problem.js';
import { useSchoolId, useSchoolOfPage } from '../school-of-page.js';

/** Who answers for the trainee, in which period, in which unit; the latest first. */
export const Assignments = ({ traineeId }: { traineeId: string }) => {
  const { t, format } = useLanguage();
  const schoolId = useSchoolId();
  const { data: school } = useSchoolOfPage();
  const assignments = useAsk('school-network.list-tutor-assignments', { schoolId, traineeId });
  const unitName = (unitId: string | null): string => school?.units.find((unit) => unit.unitId === unitId)?.name ?? t('career.any-unit');
  return (
    <section className="at-card at-card--flush" aria-labelledby="assignments">
      <h2 id="assignments" className="at-group-title">
        {t('career.assignments')}
      </h2>
      <Answer of={assignments} rows={2}>
        {({ assignments: rows }) =>
          rows.length === 0 ? (
            <p className="at-rows__link at-soft">{t('career.no-assignments')}</p>
          ) : (
            <ul className="at-rows">
              {rows
                .toSorted((a, b) => (a.from < b.from ? 1 : -1))
                .map(({ assignmentId, tutor, from, to, unitId }) => (
                  <li key={assignmentId} className="at-rows__link">
                    <span>
                      <span className="at-rows__title">{tutor}</span>
                      <span className="at-rows__note">
                        {t('career.unit')}: {unitName(unitId)}
                      </span>
                    </span>
                    <span className="at-small">{to ? format.period(from, to) : t('me.since', { day: format.day(from) })}</span>
                  </li>
                ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
};
