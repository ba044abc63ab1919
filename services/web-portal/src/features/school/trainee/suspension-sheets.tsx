import { CheckField, ChoiceGroup, ConfirmSheet, DateField, Form, useToast } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import { newId } from '../../../api/client.js';
import { useAct } from '../../../api/hooks.js';
import type { ProblemError } from '../../../api/problem.js';
import { today } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/language.js';
import { Problem, useFieldErrors } from '../../../shell/problem.js';
import type { Suspension } from './enrolment.js';

const kinds = ['maternity', 'illness', 'injury', 'other'] as const;
type Kind = (typeof kinds)[number];
type Days = { from: string | null; to: string | null };

const useSentences = (problem: ProblemError | null, missing: boolean): Record<string, string> => {
  const { t } = useLanguage();
  const fieldErrors = useFieldErrors();
  return useMemo(() => (missing ? { from: t('career.suspend-missing') } : fieldErrors(problem)), [missing, t, fieldErrors, problem]);
};

/** Suspends training from a day; the end may be open. */
export const RecordSuspension = ({ enrolmentId, onClose }: { enrolmentId: string; onClose: () => void }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [suspensionId] = useState(newId);
  const [kind, setKind] = useState<string>('other');
  const [days, setDays] = useState<Days>({ from: null, to: null });
  const [missing, setMissing] = useState(false);
  const record = useAct('career.record-suspension');
  const errors = useSentences(record.error, missing);
  const done = () => {
    toast({ text: t('career.suspend-done') });
    onClose();
  };
  const confirm = () => {
    setMissing(days.from === null);
    if (days.from !== null)
      record.mutate({ enrolmentId, suspensionId, kind: kind as Kind, from: days.from, to: days.to }, { onSuccess: done });
  };
  const choices = kinds.map((value) => ({ value, label: t(`suspension.${value}`) }));
  return (
    <ConfirmSheet
      open
      title={t('career.suspend')}
      act={t('career.suspend-act')}
      pending={record.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Form errors={errors} onSubmit={confirm} label={t('career.suspend')}>
        <p>{t('career.suspend-what')}</p>
        {record.error && Object.keys(errors).length === 0 && <Problem problem={record.error} />}
        <ChoiceGroup name="kind" label={t('career.kind')} choices={choices} value={kind} onChange={setKind} />
        <DaysFields days={days} onChange={setDays} />
      </Form>
    </ConfirmSheet>
  );
};

/** Corrects the days of a suspension, closes an open one, or withdraws it. */
export const CorrectSuspension = ({
  enrolmentId,
  suspension,
  onClose,
}: {
  enrolmentId: string;
  suspension: Suspension;
  onClose: () => void;
}) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [days, setDays] = useState<Days>({ from: suspension.from, to: suspension.to });
  const [withdrawn, setWithdrawn] = useState(false);
  const [missing, setMissing] = useState(false);
  const correct = useAct('career.correct-suspension');
  const errors = useSentences(correct.error, missing);
  const done = () => {
    toast({ text: t('career.correct-done') });
    onClose();
  };
  const confirm = () => {
    setMissing(days.from === null);
    if (days.from !== null)
      correct.mutate({ enrolmentId, suspensionId: suspension.suspensionId, from: days.from, to: days.to, withdrawn }, { onSuccess: done });
  };
  return (
    <ConfirmSheet
      open
      title={t('career.correct-title')}
      act={t('career.correct')}
      pending={correct.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Form errors={errors} onSubmit={confirm} label={t('career.correct-title')}>
        <p>{t('career.correct-what')}</p>
        {correct.error && Object.keys(errors).length === 0 && <Problem problem={correct.error} />}
        <DaysFields days={days} onChange={setDays} />
        <CheckField label={t('career.correct-withdraw')} checked={withdrawn} onChange={setWithdrawn} />
      </Form>
    </ConfirmSheet>
  );
};

const DaysFields = ({ days, onChange }: { days: Days; onChange: (days: Days) => void }) => {
  const { t } = useLanguage();
  return (
    <>
      <DateField
        name="from"
        label={t('career.suspend-from')}
        today={today()}
        value={days.from}
        onChange={(from) => onChange({ ...days, from })}
      />
      <DateField
        name="to"
        optional
        label={t('career.suspend-to')}
        hint={t('career.suspend-to-hint')}
        today={today()}
        min={days.from ?? undefined}
        value={days.to}
        onChange={(to) => onChange({ ...days, to })}
      />
    </>
  );
};
