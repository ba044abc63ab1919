import { ConfirmSheet, Form, TextAreaField, useToast } from '@ateneo/ui';
import { useState } from 'react';
import type { ProblemError } from '../../api/problem.js';
import { useLanguage } from '../../i18n/language.js';
import { Problem } from '../../shell/problem.js';

type Giving = {
  readonly title: string;
  readonly act: string;
  /** What follows from it. */
  readonly what: string;
  /** Why it failed. */
  readonly why: string;
  readonly done: string;
  readonly pending: boolean;
  readonly problem: ProblemError | null;
  readonly onConfirm: (reason: string, onSuccess: () => void) => void;
  readonly onClose: () => void;
};

/** Gives something up for good, for a reason that stays on record. */
export const GiveUpSheet = ({ title, act, what, why, done, pending, problem, onConfirm, onClose }: Giving) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [reason, setReason] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const confirm = () => {
    if (reason.trim() === '') return setErrors({ reason: t('decide.reason-missing') });
    setErrors({});
    onConfirm(reason.trim(), () => {
      toast({ text: done });
      onClose();
    });
  };
  return (
    <ConfirmSheet open title={title} act={act} look="danger" pending={pending} onConfirm={confirm} onClose={onClose}>
      <Form onSubmit={confirm} errors={errors} label={title}>
        <p>{what}</p>
        <p className="at-soft at-anywhere">{why}</p>
        {problem && <Problem problem={problem} />}
        <TextAreaField
          name="reason"
          label={t('decide.reason')}
          hint={t('system.reason-hint')}
          maxLength={1000}
          value={reason}
          onChange={setReason}
        />
      </Form>
    </ConfirmSheet>
  );
};
