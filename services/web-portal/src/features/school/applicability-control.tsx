import { Button, ChoiceGroup, ConfirmSheet, Form, TextAreaField, TextField, useToast } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import type { OutputOf } from '../../api/client.js';
import { useAct } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Problem, useFieldErrors } from '../../shell/problem.js';
import { useViewer } from '../../shell/viewer.js';

type Counter = OutputOf<'reporting.show-counters'>['sets'][number]['requirements'][number];
type Props = { enrolmentId: string; cohortId: string; requirement: Pick<Counter, 'requirementId' | 'applicable' | 'label'> };

/** A director declares a requirement not applicable, or applicable again, to a trainee or to the whole cohort; nothing for others. */
export const ApplicabilityControl = (props: Props) => {
  const { t } = useLanguage();
  const { role } = useViewer();
  const [asking, setAsking] = useState(false);
  if (role !== 'director') return null;
  return (
    <>
      <Button small look="outline" onClick={() => setAsking(true)}>
        {t(props.requirement.applicable ? 'applies.not' : 'applies.again')}
      </Button>
      {asking && <Declaration {...props} onClose={() => setAsking(false)} />}
    </>
  );
};

type Wanted = { scope: string; act: string; reason: string };
const missingIn = ({ act, reason }: Wanted): ('act' | 'reason')[] => [
  ...(act.trim() ? [] : (['act'] as const)),
  ...(reason.trim() ? [] : (['reason'] as const)),
];

const Declaration = ({ enrolmentId, cohortId, requirement, onClose }: Props & { onClose: () => void }) => {
  const { t, format } = useLanguage();
  const toast = useToast();
  const fieldErrors = useFieldErrors();
  const [wanted, setWanted] = useState<Wanted>({ scope: 'trainee', act: '', reason: '' });
  const [missing, setMissing] = useState<Record<string, string>>({});
  const forTrainee = useAct('career.declare-requirement-applicability');
  const forCohort = useAct('school-network.declare-requirement-applicability');
  const { error, isPending } = wanted.scope === 'cohort' ? forCohort : forTrainee;
  const named = useMemo(() => fieldErrors(error), [fieldErrors, error]);
  const again = !requirement.applicable;
  const change = (part: Partial<Wanted>) => setWanted({ ...wanted, ...part });
  const done = () => {
    toast({ text: t('applies.done') });
    onClose();
  };
  const confirm = () => {
    const absent = missingIn(wanted);
    setMissing(Object.fromEntries(absent.map((field) => [field, t(`applies.missing-${field}`)])));
    if (absent.length > 0) return;
    const declared = { requirementId: requirement.requirementId, applicable: again, act: wanted.act.trim(), reason: wanted.reason.trim() };
    if (wanted.scope === 'cohort') forCohort.mutate({ cohortId, ...declared }, { onSuccess: done });
    else forTrainee.mutate({ enrolmentId, ...declared }, { onSuccess: done });
  };
  const scopes = [
    { value: 'trainee', label: t('applies.to-trainee') },
    { value: 'cohort', label: t('applies.to-cohort') },
  ];
  return (
    <ConfirmSheet
      open
      title={t(again ? 'applies.again-title' : 'applies.not-title')}
      act={t(again ? 'applies.again' : 'applies.not')}
      pending={isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Form onSubmit={confirm} errors={Object.keys(missing).length > 0 ? missing : named} label={t('applies.not-title')}>
        <p>
          <strong>{format.local(requirement.label)}</strong>
        </p>
        <p>{t(again ? 'applies.again-what' : 'applies.not-what')}</p>
        {error && Object.keys(named).length === 0 && <Problem problem={error} />}
        <ChoiceGroup name="scope" label={t('applies.to')} choices={scopes} value={wanted.scope} onChange={(scope) => change({ scope })} />
        <TextField
          name="act"
          label={t('applies.act')}
          hint={t('applies.act-hint')}
          maxLength={120}
          value={wanted.act}
          onChange={(act) => change({ act })}
        />
        <TextAreaField
          name="reason"
          label={t('decide.reason')}
          hint={wanted.scope === 'cohort' ? t('applies.reason-of-cohort') : undefined}
          maxLength={500}
          value={wanted.reason}
          onChange={(reason) => change({ reason })}
        />
      </Form>
    </ConfirmSheet>
  );
};
