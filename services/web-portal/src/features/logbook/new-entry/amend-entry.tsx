import { Note, Skeleton, useToast } from '@ateneo/ui';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { OutputOf } from '../../../api/client.js';
import { useAct, useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useCatalogue, useLoggingHelp } from '../catalogue.js';
import { draftOfEntry, type EntryContent, type Help } from './entry-draft.js';
import { EntryForm } from './entry-form.js';

type EntryView = OutputOf<'logbook.show-entry'>['entry'];

/** `/logbook/:entryId/edit`: change a draft; why it came back stands above. */
export const Component = () => {
  const { t } = useLanguage();
  const { entryId = '' } = useParams();
  const help = useLoggingHelp();
  const entry = useAsk('logbook.show-entry', { entryId });
  return (
    <Page title={t('entry.amend')} back={{ to: `/logbook/${entryId}`, label: t('entry.title') }}>
      <div className="at-column">
        <Answer of={help}>
          {(answer) => <Answer of={entry}>{({ entry: shown }) => <Amend key={shown.revision} entry={shown} help={answer} />}</Answer>}
        </Answer>
      </div>
    </Page>
  );
};

const Amend = ({ entry, help }: { entry: EntryView; help: Help }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const navigate = useNavigate();
  const catalogue = useCatalogue(help.enrolment?.cohortId);
  const [draft, setDraft] = useState(() => draftOfEntry(entry));
  const [submitting, setSubmitting] = useState(false);
  const amend = useAct('logbook.amend-entry');
  if (entry.state !== 'draft') return <Note look="caution">{t('refusal.entry-not-a-draft')}</Note>;
  if (!catalogue) return <Skeleton />;
  const save = (content: EntryContent, submit: boolean) => {
    setSubmitting(submit);
    amend.mutate(
      { entryId: entry.entryId, ...content, submit, revision: entry.revision },
      {
        onSuccess: () => {
          toast({ text: t(submit ? 'entry.sent' : 'entry.draft-saved') });
          void navigate(`/logbook/${entry.entryId}`);
        },
      },
    );
  };
  return (
    <div className="at-stack">
      {entry.reason && (
        <Note look="caution">
          <strong>{t('entry.came-back')}</strong> {entry.reason}
        </Note>
      )}
      <EntryForm
        draft={draft}
        onChange={setDraft}
        catalogue={catalogue}
        help={help}
        problem={amend.error}
        pending={amend.isPending ? (submitting ? 'submit' : 'draft') : null}
        onSave={save}
      />
    </div>
  );
};
