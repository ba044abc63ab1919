import { buttonClass, Note, Skeleton, useToast } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { newId, type OutputOf } from '../../../api/client.js';
import { useAct, useAsk } from '../../../api/hooks.js';
import { today } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useViewer } from '../../../shell/viewer.js';
import { useCatalogue, useLoggingHelp } from '../catalogue.js';
import { emptyDraft, likeEntry, type EntryContent, type EntryDraft, type Help } from './entry-draft.js';
import { EntryForm } from './entry-form.js';
import { useKeptDraft } from './kept-draft.js';
import { movedRequirement } from './moved-requirement.js';

/** `/logbook/new`: log an activity, on a phone, in three taps for the usual case. `?like=` starts from another entry. */
export const Component = () => {
  const { t } = useLanguage();
  const help = useLoggingHelp();
  const [params] = useSearchParams();
  const like = params.get('like');
  const model = useAsk('logbook.show-entry', { entryId: like ?? '' }, { enabled: like !== null });
  return (
    <Page title={t('entry.new')} back={{ to: '/logbook', label: t('nav.logbook') }}>
      <div className="at-column">
        <Answer of={help}>
          {(answer) =>
            like !== null && model.isPending ? <Skeleton /> : <NewEntry key={like ?? 'new'} help={answer} model={model.data?.entry} />
          }
        </Answer>
      </div>
    </Page>
  );
};

type EntryView = OutputOf<'logbook.show-entry'>['entry'];
const NewEntry = ({ help, model }: { help: Help; model: EntryView | undefined }) => {
  const { t } = useLanguage();
  const { me } = useViewer();
  const recent = useMemo(() => new Set(help.recent.flatMap(({ activities }) => activities)), [help]);
  const catalogue = useCatalogue(help.enrolment?.cohortId, recent);
  const fresh = (): EntryDraft =>
    model ? likeEntry(model, newId(), today()) : emptyDraft(newId(), today(), help.recent[0]?.unitId ?? null);
  const kept = useKeptDraft(me.personId, fresh);
  const [draft, change] = useState(() => (model ? fresh() : kept.draft));
  const keep = (next: EntryDraft) => {
    change(next);
    kept.change(next);
  };
  const save = useSave(kept.clear);
  if (!help.enrolment) return <Note look="caution">{t('entry.no-enrolment')}</Note>;
  if (help.enrolment.suspendedToday) return <Note look="caution">{t('entry.suspended')}</Note>;
  if (!catalogue) return <Skeleton />;
  return (
    <EntryForm
      draft={draft}
      onChange={keep}
      catalogue={catalogue}
      help={help}
      problem={save.problem}
      pending={save.pending}
      onSave={(content, submit) => save.now(draft.entryId, content, submit)}
    />
  );
};

/** Saves the draft, tells which requirement moved, and offers another entry like it. */
const useSave = (clear: () => void) => {
  const { t, format } = useLanguage();
  const { me } = useViewer();
  const toast = useToast();
  const navigate = useNavigate();
  const counters = useAsk('reporting.show-counters', { traineeId: me.personId });
  const record = useAct('logbook.record-entry');
  const [submitting, setSubmitting] = useState(false);
  const now = (entryId: string, content: EntryContent, submit: boolean) => {
    const before = counters.data;
    setSubmitting(submit);
    record.mutate(
      { entryId, ...content, submit },
      {
        onSuccess: ({ token }) => {
          clear();
          void navigate('/logbook');
          const act = (
            <Link to={`/logbook/new?like=${entryId}`} className={buttonClass({ look: 'outline', small: true })}>
              {t('entry.another-like-this')}
            </Link>
          );
          if (!submit) return toast({ text: t('entry.draft-saved'), act });
          void movedRequirement(me.personId, before, token).then((moved) =>
            toast({
              text: moved ? t('entry.moved', { requirement: format.local(moved.label), from: moved.from, to: moved.to }) : t('entry.sent'),
              act,
            }),
          );
        },
      },
    );
  };
  return { now, problem: record.error, pending: record.isPending ? (submitting ? ('submit' as const) : ('draft' as const)) : null };
};
