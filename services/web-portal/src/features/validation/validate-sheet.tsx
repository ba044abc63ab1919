import { ConfirmSheet, Note, Skeleton } from '@ateneo/ui';
import { useState } from 'react';
import type { OutputOf } from '../../api/client.js';
import { useAsk } from '../../api/hooks.js';
import { useCodeText, useLanguage } from '../../i18n/language.js';
import { Problem } from '../../shell/problem.js';
import type { EntryView } from '../logbook/entry-words.js';
import type { Activities } from './activities.js';
import type { Validation } from './use-validation.js';

type Preview = OutputOf<'logbook.preview-validation'>;
type SheetProps = {
  entries: readonly EntryView[];
  activities: Activities;
  validation: Validation;
  onClose: () => void;
  onDone: () => void;
};

/** Before a bulk validation: how many, whose, which days, what looks odd, what will stay as it is. */
export const ValidateSheet = ({ entries, activities, validation, onClose, onDone }: SheetProps) => {
  const { t } = useLanguage();
  const [seen] = useState(() => entries.map(({ entryId, revision }) => ({ entryId, revision })));
  const preview = useAsk('logbook.preview-validation', { entries: seen }, { keepPrevious: false, staleTime: 0 });
  const ready = preview.data?.ready ?? 0;
  return (
    <ConfirmSheet
      open
      title={t('sheet.title', { n: ready || entries.length })}
      act={t('waiting.validate-n', { n: ready || entries.length })}
      pending={validation.validate.isPending}
      disabled={ready === 0}
      onConfirm={() => validation.go(seen, onDone)}
      onClose={onClose}
    >
      {validation.validate.error && <Problem problem={validation.validate.error} />}
      {preview.error && <Problem problem={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.data && <Seen preview={preview.data} entries={entries} activities={activities} />}
      {preview.isPending && <Skeleton rows={3} />}
    </ConfirmSheet>
  );
};

const Seen = ({ preview, entries, activities }: { preview: Preview; entries: readonly EntryView[]; activities: Activities }) => {
  const { t, format } = useLanguage();
  return (
    <div className="at-stack">
      {preview.ready > 0 ? (
        <dl className="at-facts">
          <div>
            <dt>{t('sheet.whose')}</dt>
            <dd>{preview.trainees.map(({ name, n }) => t('waiting.trainee-n', { name, n })).join(', ')}</dd>
          </div>
          {preview.from && preview.to && (
            <div>
              <dt>{t('sheet.days')}</dt>
              <dd>{format.period(preview.from, preview.to)}</dd>
            </div>
          )}
        </dl>
      ) : (
        <p>{t('sheet.none-ready')}</p>
      )}
      <Odd odd={preview.odd} entries={entries} activities={activities} />
      {preview.refused.length > 0 && (
        <Note look="danger">
          <strong>{t('sheet.refused', { n: preview.refused.length })}</strong>
          <RefusedLines refused={preview.refused} entries={entries} activities={activities} />
        </Note>
      )}
      {preview.ready > 0 && <p className="at-soft">{t('sheet.undo')}</p>}
    </div>
  );
};

type LinesProps = { entries: readonly EntryView[]; activities: Activities };
const mostShown = 8;

const Odd = ({ odd, entries, activities }: LinesProps & { odd: Preview['odd'] }) => {
  const { t } = useLanguage();
  if (odd.length === 0) return <p>{t('sheet.none-odd')}</p>;
  return (
    <Note look="caution">
      <strong>{t('sheet.odd', { n: odd.length })}</strong>
      <ul>
        {odd.slice(0, mostShown).map(({ entryId, code, detail }) => (
          <li key={entryId + code}>
            <NameOf entryId={entryId} entries={entries} activities={activities} />:{' '}
            {(t as (key: string, params: object) => string)(`odd.${code}`, { detail })}
          </li>
        ))}
      </ul>
    </Note>
  );
};

/** Rows that cannot be validated, each with the reason. */
export const RefusedLines = ({ refused, entries, activities }: LinesProps & { refused: Preview['refused'] }) => {
  const codeText = useCodeText();
  return (
    <ul>
      {refused.slice(0, mostShown).map(({ entryId, code }) => (
        <li key={entryId}>
          <NameOf entryId={entryId} entries={entries} activities={activities} />: {codeText('refusal', code)}
        </li>
      ))}
    </ul>
  );
};

const NameOf = ({ entryId, entries, activities }: LinesProps & { entryId: string }) => {
  const { format } = useLanguage();
  const entry = entries.find((each) => each.entryId === entryId);
  return entry ? (
    <>
      {activities.nameOf(entry.activities)}, {entry.trainee}, {format.day(entry.performedTo)}
    </>
  ) : null;
};
