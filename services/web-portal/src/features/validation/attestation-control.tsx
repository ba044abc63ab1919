import { Button, ConfirmSheet, DateField, Form, useToast } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import type { OutputOf } from '../../api/client.js';
import { useAct } from '../../api/hooks.js';
import { today } from '../../i18n/format.js';
import { useLanguage } from '../../i18n/language.js';
import { Problem, useFieldErrors } from '../../shell/problem.js';
import { useViewer } from '../../shell/viewer.js';
import { ReasonSheet } from './reason-sheet.js';

type Counter = OutputOf<'reporting.show-counters'>['sets'][number]['requirements'][number];
type Props = {
  traineeId: string;
  enrolmentId: string;
  requirement: Pick<Counter, 'requirementId' | 'kind' | 'applicable' | 'definitive' | 'label'>;
};

/** Attests a requirement that has no number, or revokes the attestation; for tutors and directors, nothing for others. */
export const AttestationControl = ({ traineeId, enrolmentId, requirement }: Props) => {
  const { t } = useLanguage();
  const { role, me } = useViewer();
  const [asking, setAsking] = useState(false);
  const attests = (role === 'tutor' || role === 'director') && me.personId !== traineeId;
  if (!attests || requirement.kind !== 'qualitative' || !requirement.applicable) return null;
  const { met } = requirement.definitive;
  const Sheet = met ? Revoke : Attest;
  return (
    <>
      <Button small look={met ? 'danger' : 'primary'} icon={met ? 'undo' : 'check'} onClick={() => setAsking(true)}>
        {t(met ? 'attest.revoke' : 'attest.act')}
      </Button>
      {asking && <Sheet traineeId={traineeId} enrolmentId={enrolmentId} requirement={requirement} onClose={() => setAsking(false)} />}
    </>
  );
};

type SheetProps = Props & { onClose: () => void };

const Attest = ({ traineeId, enrolmentId, requirement, onClose }: SheetProps) => {
  const { t, format } = useLanguage();
  const toast = useToast();
  const fieldErrors = useFieldErrors();
  const [from, setFrom] = useState<string | null>(today());
  const attest = useAct('logbook.attest-requirement');
  const named = useMemo(() => fieldErrors(attest.error), [fieldErrors, attest.error]);
  const done = () => {
    toast({ text: t('attest.done') });
    onClose();
  };
  const confirm = () =>
    attest.mutate({ traineeId, enrolmentId, requirementId: requirement.requirementId, from: from ?? undefined }, { onSuccess: done });
  return (
    <ConfirmSheet open title={t('attest.title')} act={t('attest.act')} pending={attest.isPending} onConfirm={confirm} onClose={onClose}>
      <Form onSubmit={confirm} errors={named} label={t('attest.title')}>
        <p>
          <strong>{format.local(requirement.label)}</strong>
        </p>
        <p>{t('attest.what')}</p>
        {attest.error && Object.keys(named).length === 0 && <Problem problem={attest.error} />}
        <DateField name="from" label={t('attest.from')} today={today()} max={today()} value={from} onChange={setFrom} />
      </Form>
    </ConfirmSheet>
  );
};

const Revoke = ({ traineeId, enrolmentId, requirement, onClose }: SheetProps) => {
  const { t } = useLanguage();
  const toast = useToast();
  const revoke = useAct('logbook.revoke-attestation');
  const done = () => {
    toast({ text: t('attest.revoked') });
    onClose();
  };
  return (
    <ReasonSheet
      title={t('attest.revoke-title')}
      what={t('attest.revoke-what')}
      act={t('attest.revoke')}
      look="danger"
      pending={revoke.isPending}
      problem={revoke.error}
      onConfirm={(reason) =>
        revoke.mutate({ traineeId, enrolmentId, requirementId: requirement.requirementId, reason }, { onSuccess: done })
      }
      onClose={onClose}
    />
  );
};
