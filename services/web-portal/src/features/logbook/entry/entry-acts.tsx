import { Button, buttonClass, ConfirmSheet, useToast } from '@ateneo/ui';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAct } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { useProblemText } from '../../../shell/problem.js';
import type { EntryView } from '../entry-words.js';

/** What the author can do: change, send or discard a draft; withdraw what waits; copy anything. */
export const EntryActs = ({ entry }: { entry: EntryView }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const sentence = useProblemText();
  const submit = useAct('logbook.submit-entry');
  const withdraw = useAct('logbook.withdraw-entry');
  const { entryId } = entry;
  const told = (text: string) => ({
    onSuccess: () => toast({ text }),
    onError: (problem: Parameters<typeof sentence>[0]) => toast({ text: sentence(problem), look: 'danger' as const }),
  });
  return (
    <>
      {entry.state === 'draft' && (
        <>
          <Button look="primary" icon="send" pending={submit.isPending} onClick={() => submit.mutate({ entryId }, told(t('entry.sent')))}>
            {t('entry.submit')}
          </Button>
          <Link to={`/logbook/${entryId}/edit`} className={buttonClass({ look: 'outline' })}>
            {t('entry.amend')}
          </Link>
          <Discard entryId={entryId} />
        </>
      )}
      {entry.state === 'submitted' && (
        <Button
          look="outline"
          icon="undo"
          pending={withdraw.isPending}
          onClick={() => withdraw.mutate({ entryId }, told(t('entry.withdrawn')))}
        >
          {t('entry.withdraw')}
        </Button>
      )}
      <Link to={`/logbook/new?like=${entryId}`} className={buttonClass({})}>
        {t('entry.another-like-this')}
      </Link>
    </>
  );
};

const Discard = ({ entryId }: { entryId: string }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const discard = useAct('logbook.discard-entry');
  const confirm = () =>
    discard.mutate(
      { entryId },
      {
        onSuccess: () => {
          toast({ text: t('entry.discarded') });
          void navigate('/logbook');
        },
      },
    );
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {t('entry.discard')}
      </Button>
      <ConfirmSheet
        open={asking}
        title={t('entry.discard-ask')}
        act={t('entry.discard')}
        look="danger"
        pending={discard.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <p>{t('entry.discard-what')}</p>
      </ConfirmSheet>
    </>
  );
};
