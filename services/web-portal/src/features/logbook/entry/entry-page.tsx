import { Note, StateBadge, Story } from '@ateneo/ui';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import type { OutputOf } from '../../../api/client.js';
import { useAsk } from '../../../api/hooks.js';
import { useLive } from '../../../api/live.js';
import { useCodeText, useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useViewer } from '../../../shell/viewer.js';
import { useCatalogueOf } from '../catalogue.js';
import { EntryState, type EntryView } from '../entry-words.js';
import { EntryActs } from './entry-acts.js';
import { EntryFacts } from './entry-facts.js';

type Step = OutputOf<'logbook.show-entry'>['story'][number];

/** `/logbook/:entryId`: one entry, its story, and what its author can do with it now. */
export const Component = () => {
  const { t } = useLanguage();
  const { entryId = '' } = useParams();
  const entry = useAsk('logbook.show-entry', { entryId });
  const traineeId = entry.data?.entry.traineeId;
  useLive(traineeId ? [{ key: `entries:${traineeId}`, refreshes: ['logbook.show-entry'] }] : []);
  return (
    <Answer of={entry}>
      {(answer) => (
        <EntryTitle entry={answer.entry}>
          <div className="at-split">
            <section className="at-card" aria-labelledby="facts">
              <h2 id="facts">{t('entry.facts')}</h2>
              <EntryFacts entry={answer.entry} />
            </section>
            <section className="at-card" aria-labelledby="story">
              <h2 id="story">{t('entry.story')}</h2>
              <EntryStory story={answer.story} />
            </section>
          </div>
        </EntryTitle>
      )}
    </Answer>
  );
};

const EntryTitle = ({ entry, children }: { entry: EntryView; children: ReactNode }) => {
  const { t } = useLanguage();
  const { me } = useViewer();
  const mine = entry.traineeId === me.personId;
  const catalogue = useCatalogueOf(entry.traineeId, entry.enrolmentId);
  const back = mine ? { to: '/logbook', label: t('nav.logbook') } : { to: `/counters/${entry.traineeId}`, label: entry.trainee };
  const name = entry.activities.map((code) => catalogue?.labelOf(code) ?? code).join(' + ');
  return (
    <Page title={name} lead={<EntryState entry={entry} />} back={back} acts={mine && <EntryActs entry={entry} />}>
      <div className="at-stack">
        {entry.reason && entry.state !== 'validated' && (
          <Note look={entry.state === 'rejected' ? 'danger' : 'caution'}>
            <strong>{t(entry.state === 'rejected' ? 'entry.was-rejected' : 'entry.came-back')}</strong> {entry.reason}
          </Note>
        )}
        {entry.flags.map((flag) => (
          <p key={flag}>
            <StateBadge look="caution" icon="warning">
              {t(`flag.${flag}`)}
            </StateBadge>
          </p>
        ))}
        {children}
      </div>
    </Page>
  );
};

/** Who did what and when, in words. */
export const EntryStory = ({ story }: { story: readonly Step[] }) => {
  const { t, format } = useLanguage();
  const codeText = useCodeText();
  const steps = story.map((step, index) => ({
    key: String(index),
    what: codeText('story', step.type),
    who: step.actor || t('story.erased-person'),
    when: format.instant(step.at),
    quote: typeof step.detail.reason === 'string' && step.detail.reason ? step.detail.reason : undefined,
  }));
  return <Story steps={steps} />;
};
