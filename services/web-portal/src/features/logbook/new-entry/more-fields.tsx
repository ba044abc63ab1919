import { CheckField, FormErrors, TextAreaField } from '@ateneo/ui';
import { use, useState } from 'react';
import { useLanguage } from '../../../i18n/language.js';
import { QuantityField } from './act-fields.js';
import type { Asked, EntryDraft } from './entry-draft.js';

type Props = { draft: EntryDraft; onChange: (part: Partial<EntryDraft>) => void; asked: Asked };

const ownFields = ['quantity', 'note'];
const isUsed = ({ quantity, simulated, past, note }: EntryDraft): boolean => quantity !== '1' || simulated || past || note !== '';

/** What is rarely needed: more than one, simulated, a past activity, a note. Open by itself when it is used or holds an error. */
export const MoreFields = ({ draft, onChange, asked }: Props) => {
  const { t } = useLanguage();
  const errors = use(FormErrors);
  const [open, setOpen] = useState(() => isUsed(draft));
  const wrong = ownFields.some((field) => errors[field]);
  return (
    <details className="at-more" open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('entry.more')}</summary>
      <div className="at-stack">
        {asked.shape === 'act' && !asked.bulk && <QuantityField draft={draft} onChange={onChange} />}
        {asked.simulation && (
          <CheckField label={t('entry.simulated')} checked={draft.simulated} onChange={(simulated) => onChange({ simulated })} />
        )}
        <CheckField label={t('entry.past')} checked={draft.past} onChange={(past) => onChange({ past })} />
        <TextAreaField
          name="note"
          optional
          label={t('entry.note')}
          hint={t('entry.note-hint')}
          maxLength={2000}
          value={draft.note}
          onChange={(note) => onChange({ note })}
        />
      </div>
    </details>
  );
};
