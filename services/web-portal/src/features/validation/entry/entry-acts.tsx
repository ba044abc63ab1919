import { Button, useToast } from '@ateneo/ui';
import { useState } from 'react';
import { useAct } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import type { EntryView } from '../../logbook/entry-words.js';
import { ReasonSheet } from '../reason-sheet.js';

type Done = (text: string) => void;
/** `onGiven`: the entry is on its way to its author, or came back from a refusal. */
type GiveBackProps = { entry: EntryView; onGiven: (away: boolean) => void; onDone: Done };

/** Sends an entry back or rejects it, with the reason; a non-professional entry is only validated. */
export const GiveBack = ({ entry, onGiven, onDone }: GiveBackProps) => {
  const { t } = useLanguage();
  const [asking, ask] = useState<'return' | 'reject' | null>(null);
  const giveBack = useAct('logbook.return-entry');
  const reject = useAct('logbook.reject-entry');
  const { entryId } = entry;
  if (entry.kind === 'non-professional') return null;
  const close = () => ask(null);
  return (
    <>
      <Button look="outline" icon="undo" onClick={() => ask('return')}>
        {t('decide.return')}
      </Button>
      <Button look="danger" onClick={() => ask('reject')}>
        {t('decide.reject')}
      </Button>
      {asking === 'return' && (
        <ReasonSheet
          title={t('decide.return-title')}
          what={t('decide.return-what')}
          act={t('decide.return')}
          pending={giveBack.isPending}
          problem={giveBack.error}
          onConfirm={(reason) => {
            onGiven(true);
            giveBack.mutate({ entryId, reason }, { onSuccess: () => onDone(t('decide.returned')), onError: () => onGiven(false) });
          }}
          onClose={close}
        />
      )}
      {asking === 'reject' && (
        <ReasonSheet
          title={t('decide.reject-title')}
          what={t('decide.reject-what')}
          act={t('decide.reject')}
          look="danger"
          pending={reject.isPending}
          problem={reject.error}
          onConfirm={(reason) => reject.mutate({ entryId, reason }, { onSuccess: () => onDone(t('decide.rejected')) })}
          onClose={close}
        />
      )}
    </>
  );
};

/** Takes a validation back by a recorded act. */
export const Reverse = ({ entryId }: { entryId: string }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const reverse = useAct('logbook.reverse-validation');
  const done = () => {
    setAsking(false);
    toast({ text: t('decide.reversed') });
  };
  return (
    <>
      <p>
        <Button look="danger" icon="undo" onClick={() => setAsking(true)}>
          {t('decide.reverse')}
        </Button>
      </p>
      {asking && (
        <ReasonSheet
          title={t('decide.reverse-title')}
          what={t('decide.reverse-what')}
          act={t('decide.reverse')}
          look="danger"
          pending={reverse.isPending}
          problem={reverse.error}
          onConfirm={(reason) => reverse.mutate({ entryId, reason }, { onSuccess: done })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
};

/** The director keeps an entry that a later fact called into question (counting.md 15). */
export const DirectorActs = ({ entryId }: { entryId: string }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const keep = useAct('logbook.keep-entry');
  const done = () => {
    setAsking(false);
    toast({ text: t('decide.kept') });
  };
  return (
    <>
      <p>
        <Button look="outline" onClick={() => setAsking(true)}>
          {t('decide.keep')}
        </Button>
      </p>
      {asking && (
        <ReasonSheet
          title={t('decide.keep-title')}
          what={t('decide.keep-what')}
          act={t('decide.keep')}
          pending={keep.isPending}
          problem={keep.error}
          onConfirm={(reason) => keep.mutate({ entryId, reason }, { onSuccess: done })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
};
