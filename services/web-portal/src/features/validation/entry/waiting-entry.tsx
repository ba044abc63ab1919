import { Note, StateBadge, useToast } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import type { OutputOf } from '../../../api/client.js';
import { useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useViewer } from '../../../shell/viewer.js';
import { EntryFacts } from '../../logbook/entry/entry-facts.js';
import { EntryStory } from '../../logbook/entry/entry-page.js';
import { EntryState } from '../../logbook/entry-words.js';
import { useActivities } from '../activities.js';
import { DecisionForm } from './decision-form.js';
import { DirectorActs, GiveBack, Reverse } from './entry-acts.js';

type Shown = OutputOf<'logbook.show-entry'>;

const queueOf = (state: unknown): readonly string[] => {
  const queue = typeof state === 'object' && state !== null && 'queue' in state ? state.queue : [];
  return Array.isArray(queue) ? queue.map(String) : [];
};

/** `/validation/:entryId`: one entry read by whoever may decide on it; after the decision comes the next of the list it was opened from. */
export const Component = () => {
  const { entryId = '' } = useParams();
  // what was given back is its author's alone: it is not asked for again
  const [given, give] = useState<string>();
  const entry = useAsk('logbook.show-entry', { entryId }, { keepPrevious: false, enabled: given !== entryId });
  return (
    <Answer of={entry}>
      {(shown) => <EntryRead key={`${entryId} ${shown.entry.state}`} shown={shown} onGiven={(away) => give(away ? entryId : undefined)} />}
    </Answer>
  );
};

const EntryRead = ({ shown: { entry, story }, onGiven }: { shown: Shown; onGiven: (away: boolean) => void }) => {
  const { t, format } = useLanguage();
  const { role } = useViewer();
  const activities = useActivities(useMemo(() => [entry.schoolId], [entry.schoolId]));
  const { next, left } = useNext(entry.entryId);
  const decides = role === 'tutor' || role === 'director';
  const lead = (
    <span className="at-row">
      <EntryState entry={entry} />
      <span>
        {entry.trainee} · {format.period(entry.performedFrom, entry.performedTo)}
      </span>
    </span>
  );
  const back = decides
    ? { to: '/validation', label: t('nav.validation') }
    : { to: `/school/${entry.schoolId}/entries?trainee=${entry.traineeId}`, label: t('entries-of.title') };
  return (
    <Page
      title={activities.nameOf(entry.activities)}
      lead={lead}
      back={back}
      acts={left > 0 && <span className="at-soft">{t('decide.next', { n: left })}</span>}
    >
      <div className="at-stack">
        {entry.reason && entry.state !== 'validated' && <Note look="caution">{entry.reason}</Note>}
        {entry.flags.map((flag) => (
          <p key={flag}>
            <StateBadge look="caution" icon="warning">
              {t(`flag.${flag}`)}
            </StateBadge>
          </p>
        ))}
        <div className="at-split">
          <section className="at-card at-stack" aria-labelledby="claimed">
            <h2 id="claimed">{t('decide.claimed')}</h2>
            <EntryFacts entry={entry} />
            {decides && entry.state === 'submitted' && (
              <DecisionForm
                entry={entry}
                activities={entry.activities.flatMap((code) => activities.byCode.get(code) ?? [])}
                onDone={() => next(t('decide.validated'))}
              >
                <GiveBack entry={entry} onGiven={onGiven} onDone={next} />
              </DecisionForm>
            )}
            {decides && entry.state === 'validated' && <Reverse entryId={entry.entryId} />}
            {role === 'director' && entry.flags.length > 0 && <DirectorActs entryId={entry.entryId} />}
          </section>
          <section className="at-card" aria-labelledby="story">
            <h2 id="story">{t('entry.story')}</h2>
            <EntryStory story={story} />
          </section>
        </div>
      </div>
    </Page>
  );
};

/** Goes on to the next entry of the list this one was opened from, or back to the list. */
const useNext = (entryId: string) => {
  const toast = useToast();
  const navigate = useNavigate();
  const queue = queueOf(useLocation().state);
  const rest = queue.filter((each) => each !== entryId);
  const following = queue[queue.indexOf(entryId) + 1] ?? rest[0];
  const next = (text: string) => {
    toast({ text });
    void (following ? navigate(`/validation/${following}`, { replace: true, state: { queue: rest } }) : navigate('/validation'));
  };
  return { next, left: rest.length };
};
