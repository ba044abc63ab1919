import { LiveDot, Note, ProgressLegend } from '@ateneo/ui';
import { useParams } from 'react-router';
import { useAsk } from '../../../api/hooks.js';
import { useLive } from '../../../api/live.js';
import { today } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useViewer } from '../../../shell/viewer.js';
import { useSchoolName } from '../../school/university.js';
import { ChangeVoice } from './change-voice.js';
import { Reports } from './reports.js';
import { elapsedShare, type Counters } from './requirement-state.js';
import { SetSection } from './set-section.js';

/** `/counters/:traineeId`: progress against every requirement, live; each number opens. */
export const Component = () => {
  const { t } = useLanguage();
  const { traineeId = '' } = useParams();
  const { me, role } = useViewer();
  const mine = me.personId === traineeId;
  const counters = useAsk('reporting.show-counters', { traineeId }, { keepPrevious: false });
  const career = useAsk('career.show-career', { traineeId });
  const live = useLive([{ key: `counters:${traineeId}`, refreshes: ['reporting.show-counters', 'reporting.explain-requirement'] }]);
  const enrolment =
    career.data?.enrolments.find(({ enrolmentId }) => enrolmentId === counters.data?.enrolmentId) ?? career.data?.enrolments[0];
  const elapsed = enrolment && elapsedShare(enrolment.contractStart, enrolment.contractEnd, today());
  const year = enrolment?.years.find(({ from, to }) => from <= today() && today() <= to)?.year;
  const schoolName = useSchoolName();
  const lead = [schoolName(counters.data?.schoolId), year && t('counters.year', { n: year })].filter(Boolean).join(' · ');
  return (
    <Page title={mine ? t('counters.mine') : (enrolment?.name ?? t('counters.title'))} lead={lead} acts={<LiveDot on={live} />}>
      <Answer of={counters} rows={8}>
        {(data) => (
          <div className="at-stack at-stack--wide">
            <ChangeVoice counters={data} />
            <Freshness counters={data} />
            {data.sets.map((set) => (
              <SetSection key={set.setId} set={set} counters={data} elapsed={elapsed} />
            ))}
            <ProgressLegend />
            {role !== 'tutor' && <Reports traineeId={traineeId} />}
          </div>
        )}
      </Answer>
    </Page>
  );
};

const Freshness = ({ counters }: { counters: Counters }) => {
  const { t } = useLanguage();
  if (counters.incomplete) return <Note look="caution">{t('counters.incomplete')}</Note>;
  return counters.stale ? <Note>{t('counters.stale')}</Note> : null;
};
