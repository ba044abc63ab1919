import { Button, Form } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import type { ProblemError } from '../../../api/problem.js';
import { useLanguage } from '../../../i18n/language.js';
import { Problem, useFieldErrors } from '../../../shell/problem.js';
import type { Catalogue } from '../catalogue.js';
import { ActivityPicker } from './activity-picker.js';
import { ActFields } from './act-fields.js';
import { askedBy, contentOf, missingIn, type EntryContent, type EntryDraft, type Help } from './entry-draft.js';
import { MoreFields } from './more-fields.js';
import { WhenAndWhere } from './when-and-where.js';

type EntryFormProps = {
  draft: EntryDraft;
  onChange: (draft: EntryDraft) => void;
  catalogue: Catalogue;
  help: Help;
  problem: ProblemError | null;
  pending: 'draft' | 'submit' | null;
  onSave: (content: EntryContent, submit: boolean) => void;
};

/** The form of an entry, in one column; only what the chosen activities ask for is open by itself. */
export const EntryForm = ({ draft, onChange, catalogue, help, problem, pending, onSave }: EntryFormProps) => {
  const { t } = useLanguage();
  const fieldErrors = useFieldErrors();
  const [missing, setMissing] = useState<{ readonly [field: string]: string }>({});
  const [tried, setTried] = useState<ProblemError | null>(null);
  const activities = draft.activities.map((code) => catalogue.byCode.get(code)).filter((activity) => activity !== undefined);
  const asked = askedBy(activities);
  const change = (part: Partial<EntryDraft>) => onChange({ ...draft, ...part });
  const save = (submit: boolean) => {
    const absent = missingIn(draft, asked);
    setMissing(
      Object.fromEntries(
        absent.map((field) => [
          field,
          t(field.startsWith('classified.') ? 'entry.missing-class' : `entry.missing-${field as 'activities'}`),
        ]),
      ),
    );
    setTried(problem);
    if (absent.length === 0) onSave(contentOf(draft, activities), submit);
  };
  const refused = problem === tried ? null : problem;
  const named = useMemo(() => fieldErrors(refused), [fieldErrors, refused]);
  const errors = Object.keys(missing).length > 0 ? missing : named;
  return (
    <Form errors={errors} onSubmit={() => save(true)} label={t('entry.form')}>
      {refused && Object.keys(named).length === 0 && <Problem problem={refused} />}
      <ActivityPicker draft={draft} onChange={onChange} catalogue={catalogue} help={help} />
      <WhenAndWhere draft={draft} onChange={change} shape={asked.shape} help={help} />
      <ActFields draft={draft} onChange={change} asked={asked} />
      <MoreFields draft={draft} onChange={change} asked={asked} />
      <div className="at-sheet-actions">
        <Button type="submit" look="primary" icon="send" pending={pending === 'submit'}>
          {t('entry.save-and-send')}
        </Button>
        <Button look="outline" pending={pending === 'draft'} onClick={() => save(false)}>
          {t('entry.save-draft')}
        </Button>
      </div>
    </Form>
  );
};
