import { Button, ConfirmSheet, Form, TextField, useToast } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import { useAct } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Problem, useFieldErrors } from '../../../shell/problem.js';

const wellFormed = /^\d{7}\/\d{4}$/;
type Props = { reportId: string; name: string; onRegistered: (protocol: string) => void };

/** Gives a report its protocol number (DPR 445/2000 art. 57). */
export const RegisterReport = (props: Props) => {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button small look="outline" aria-label={t('reports.register-of', { name: props.name })} onClick={() => setAsking(true)}>
        {t('reports.register')}
      </Button>
      {asking && <RegisterSheet {...props} onClose={() => setAsking(false)} />}
    </>
  );
};

const RegisterSheet = ({ reportId, onRegistered, onClose }: Props & { onClose: () => void }) => {
  const { t } = useLanguage();
  const toast = useToast();
  const fieldErrors = useFieldErrors();
  const [protocol, setProtocol] = useState('');
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const register = useAct('reporting.register-report');
  const named = useMemo(() => fieldErrors(register.error), [fieldErrors, register.error]);
  const done = () => {
    toast({ text: t('reports.registered', { protocol }) });
    onRegistered(protocol);
    onClose();
  };
  const confirm = () => {
    if (!wellFormed.test(protocol.trim())) return setWrong({ protocol: t('reports.register-wrong') });
    setWrong({});
    register.mutate({ reportId, protocol: protocol.trim() }, { onSuccess: done });
  };
  return (
    <ConfirmSheet
      open
      title={t('reports.register-title')}
      act={t('reports.register')}
      pending={register.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Form onSubmit={confirm} errors={wrong.protocol ? wrong : named} label={t('reports.register-title')}>
        <p>{t('reports.register-what')}</p>
        {register.error && Object.keys(named).length === 0 && <Problem problem={register.error} />}
        <TextField
          name="protocol"
          narrow
          label={t('reports.register-number')}
          hint={t('reports.register-hint')}
          autoComplete="off"
          maxLength={12}
          value={protocol}
          onChange={setProtocol}
        />
      </Form>
    </ConfirmSheet>
  );
};
