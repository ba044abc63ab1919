import { useToast, type Chosen } from '@ateneo/ui';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import type { EntryView } from '../logbook/entry-words.js';
import type { Activities } from './activities.js';
import { KeysHelp } from './keys-help.js';
import { ReasonSheet } from './reason-sheet.js';
import { type Validation } from './use-validation.js';
import { ValidateSheet } from './validate-sheet.js';
import { useKeys, useKeysOn } from './waiting-keys.js';
import { tickId } from './waiting-list.js';

export type Sheet = 'validate' | 'return' | 'keys' | null;
type Given = {
  shown: readonly EntryView[];
  selection: Chosen<EntryView>;
  validation: Validation;
  sheet: Sheet;
  open: (sheet: Sheet) => void;
};

/** Where the person is in the list, and the keys that act. */
export const useWaitingPage = ({ shown, selection, validation, sheet, open }: Given) => {
  const [keysOn, setKeysOn] = useKeysOn();
  const navigate = useNavigate();
  const place = usePlace(shown);
  const known = useKnownEntries(shown);
  const here = shown.find(({ entryId }) => entryId === place.current);
  const validateHere = () => here && validation.go([{ entryId: here.entryId, revision: here.revision }], () => undefined);
  useKeys(
    {
      j: () => place.move(1),
      k: () => place.move(-1),
      x: (event) => here && selection.toggle(here, event.shiftKey),
      v: () => (selection.rows.size > 0 ? open('validate') : validateHere()),
      r: () => here && open('return'),
      o: () => here && void navigate(`/validation/${here.entryId}`, { state: { queue: shown.map(({ entryId }) => entryId) } }),
      '?': () => open('keys'),
    },
    keysOn,
  );
  return { sheet, open, keysOn, setKeysOn, known, here, current: place.current, setCurrent: place.setCurrent };
};
type WaitingPage = ReturnType<typeof useWaitingPage>;

const focusOn = (entry: EntryView | undefined) => entry && document.getElementById(tickId(entry.entryId))?.focus();

/** The row the person is on; when it leaves the list, the one that took its place. */
const usePlace = (shown: readonly EntryView[]) => {
  const [current, setCurrent] = useState<string | null>(null);
  const last = useRef(-1);
  const at = shown.findIndex(({ entryId }) => entryId === current);
  useEffect(() => {
    if (at >= 0) last.current = at;
    else if (last.current >= 0 && document.activeElement === document.body) focusOn(shown[Math.min(last.current, shown.length - 1)]);
  }, [shown, at]);
  const move = (step: number) => focusOn(shown[Math.min(shown.length - 1, Math.max(0, (at >= 0 ? at : last.current) + step))]);
  return { current, setCurrent, move };
};

/** Entries seen so far on this page, so that a row that has left can still be named. */
const useKnownEntries = (shown: readonly EntryView[]): ReadonlyMap<string, EntryView> => {
  const [seen, setSeen] = useState<ReadonlyMap<string, EntryView>>(new Map());
  const fresh = shown.filter((entry) => seen.get(entry.entryId) !== entry);
  if (fresh.length > 0) setSeen(new Map([...seen, ...fresh.map((entry) => [entry.entryId, entry] as const)]));
  return seen;
};

type SheetsProps = {
  page: WaitingPage;
  entries: readonly EntryView[];
  activities: Activities;
  validation: Validation;
  onValidated: () => void;
};

/** The sheets of the page; one at a time. */
export const WaitingSheets = ({ page, entries, activities, validation, onValidated }: SheetsProps) => {
  const close = () => page.open(null);
  const validated = () => {
    close();
    onValidated();
  };
  return (
    <>
      {page.sheet === 'validate' && entries.length > 0 && (
        <ValidateSheet entries={entries} activities={activities} validation={validation} onClose={close} onDone={validated} />
      )}
      {page.sheet === 'return' && page.here && <ReturnSheet entryId={page.here.entryId} onClose={close} />}
      <KeysHelp open={page.sheet === 'keys'} onClose={close} on={page.keysOn} onChange={page.setKeysOn} />
    </>
  );
};

/** Sends one entry back to its author, with the reason. */
export const ReturnSheet = ({ entryId, onClose, onDone }: { entryId: string; onClose: () => void; onDone?: () => void }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const giveBack = useAct('logbook.return-entry');
  const confirm = (reason: string) =>
    giveBack.mutate(
      { entryId, reason },
      {
        onSuccess: () => {
          toast({ text: t('decide.returned') });
          onClose();
          onDone?.();
        },
      },
    );
  return (
    <ReasonSheet
      title={t('decide.return-title')}
      what={t('decide.return-what')}
      act={t('decide.return')}
      pending={giveBack.isPending}
      problem={giveBack.error}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
};
