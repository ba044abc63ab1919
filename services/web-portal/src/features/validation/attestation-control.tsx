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
type Given = NonNullable<Counter['attestations']>[number];
type Props = {
  traineeId: string;
  enrolmentId: string;
  requirement: Pick<Counter, 'requirementId' | 'kind' | 'applicable' | 'label' | 'attestations'>;
};

/** Attests a requirement that has no number, revokes the attestation, or withdraws a mistaken one; for tutors and directors, nothing for others. */
export const AttestationControl = ({ traineeId, enrolmentId, requirement }: Props) => {
  const { t, format } = useLanguage();
  const { role, me } = useViewer();
  const [asking, setAsking] = useState<'attest' | 'revoke' | Given | null>(null);
  const attests = (role === 'tutor' || role === 'director') && me.personId !== traineeId;
  if (!attests || requirement.kind !== 'qualitative' || !requirement.applicable) return null;
  const standing = (requirement.attestations ?? []).filter(({ withdrawn }) => !withdrawn);
  const held = standing.find(({ until }) => until === null);
  const sheet = { traineeId, enrolmentId, requirement, onClose: () => setAsking(null) };
  return (
    <>
      <Button small look={held ? 'danger' : 'primary'} icon={held ? 'undo' : 'check'} onClick={() => setAsking(held ? 'revoke' : 'attest')}>
        {t(held ? 'attest.revoke' : 'attest.act')}
      </Button>
      {standing.map((given) => (
        <Button key={`${given.from} ${given.until}`} small look="outline" icon="close" onClick={() => setAsking(given)}>
          {t('attest.withdraw', { day: format.day(given.from) })}
        </Button>
      ))}
      {asking === 'attest' && <Attest {...sheet} />}
      {asking === 'revoke' && held && <Revoke {...sheet} given={held} />}
      {typeof asking === 'object' && asking !== null && <Withdraw {...sheet} given={asking} />}
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

const Revoke = ({ traineeId, enrolmentId, requirement, given, onClose }: SheetProps & { given: Given }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const [from, setFrom] = useState<string | null>(today());
  const revoke = useAct('logbook.revoke-attestation');
  const done = () => {
    toast({ text: t('attest.revoked') });
    onClose();
  };
  const confirm = (reason: string) =>
    revoke.mutate(
      { traineeId, enrolmentId, requirementId: requirement.requirementId, reason, from: from ?? undefined },
      { onSuccess: done },
    );
  return (
    <ReasonSheet
      {...{ title: t('attest.revoke-title'), what: t('attest.revoke-what'), act: t('attest.revoke'), look: 'danger', onClose }}
      pending={revoke.isPending}
      problem={revoke.error}
      onConfirm={confirm}
    >
      <DateField
        name="from"
        label={t('attest.revoke-from')}
        today={today()}
        min={given.from}
        max={today()}
        value={from}
        onChange={setFrom}
      />
    </ReasonSheet>
  );
};

const Withdraw = ({ traineeId, enrolmentId, requirement, given, onClose }: SheetProps & { given: Given }) => {
  const { t, format } = useLanguage();
  const toast = useToast();
  const withdraw = useAct('logbook.withdraw-attestation');
  const done = () => {
    toast({ text: t('attest.withdrawn') });
    onClose();
  };
  return (
    <ReasonSheet
      title={t('attest.withdraw-title', { day: format.day(given.from) })}
      what={t('attest.withdraw-what')}
      act={t('attest.withdraw', { day: format.day(given.from) })}
      look="danger"
      pending={withdraw.isPending}
      problem={withdraw.error}
      onConfirm={(reason) =>
        withdraw.mutate({ traineeId, enrolmentId, requirementId: requirement.requirementId, reason, from: given.from }, { onSuccess: done })
      }
      onClose={onClose}
    />
  );
};
