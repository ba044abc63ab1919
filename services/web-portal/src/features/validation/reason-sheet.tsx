import { ConfirmSheet, Form, TextAreaField, type ButtonLook } from '@ateneo/ui';
import { useMemo, useState, type ReactNode } from 'react';
import type { ProblemError } from '../../api/problem.js';
import { useLanguage } from '../../i18n/language.js';
import { Problem, useFieldErrors } from '../../shell/problem.js';

type ReasonSheetProps = {
  title: string;
  what: string;
  act: string;
  look?: ButtonLook;
  pending: boolean;
  problem: ProblemError | null;
  onConfirm: (reason: string) => void;
  onClose: () => void;
  /** Fields before the reason. */
  children?: ReactNode;
};

/** An act that needs a reason: its consequence first, then the reason, then the verb. */
export const ReasonSheet = ({ title, what, act, look, pending, problem, onConfirm, onClose, children }: ReasonSheetProps) => {
  const { t } = useLanguage();
  const fieldErrors = useFieldErrors();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<Record<string, string>>({});
  const refused = useMemo(() => fieldErrors(problem), [fieldErrors, problem]);
  const confirm = () => {
    if (reason.trim() === '') return setMissing({ reason: t('decide.reason-missing') });
    setMissing({});
    onConfirm(reason.trim());
  };
  return (
    <ConfirmSheet open title={title} act={act} look={look} pending={pending} onConfirm={confirm} onClose={onClose}>
      <Form onSubmit={confirm} errors={missing.reason ? missing : refused} label={title}>
        <p>{what}</p>
        {problem && Object.keys(refused).length === 0 && <Problem problem={problem} />}
        {children}
        <TextAreaField
          name="reason"
          label={t('decide.reason')}
          hint={t('decide.reason-hint')}
          maxLength={1000}
          value={reason}
          onChange={setReason}
        />
      </Form>
    </ConfirmSheet>
  );
};
