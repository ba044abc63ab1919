import { Button, Form, TextField } from '@ateneo/ui';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { InputOf } from '../../api/client.js';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { Answer } from '../../shell/problem.js';
import { FileDrop } from './file-drop.js';
import { VerificationOutcome } from './verification-outcome.js';

/** `/verify` and `/verify/:code` (from the QR): is this report genuine? By its code, or by its file, which never leaves the browser. */
export const Component = () => {
  const { t } = useLanguage();
  const { code } = useParams();
  const [params, setParams] = useSearchParams();
  const fileHash = params.get('file') ?? undefined;
  const asked = (code ?? fileHash) ? { code, fileHash } : null;
  return (
    <Page title={t('verify.title')} lead={t('verify.lead')}>
      <div className="at-stack at-stack--wide at-column">
        {asked && <Outcome key={`${code} ${fileHash}`} asked={asked} />}
        <CodeForm code={code ?? ''} />
        <section className="at-stack" aria-labelledby="by-file">
          <h2 id="by-file">{t('verify.by-file')}</h2>
          <p className="at-soft">{t('verify.by-file-how')}</p>
          <FileDrop
            accept="application/pdf"
            label={t('verify.drop')}
            onFile={(file) => void sha256(file).then((hash) => setParams({ file: hash }))}
          />
        </section>
      </div>
    </Page>
  );
};

const sha256 = async (file: Blob): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

const Outcome = ({ asked }: { asked: InputOf<'reporting.verify-report'> }) => {
  const answer = useAsk('reporting.verify-report', asked, { keepPrevious: false });
  return (
    <div role="status">
      <Answer of={answer} rows={2}>
        {(verification) => <VerificationOutcome verification={verification} byFile={asked.fileHash !== undefined} />}
      </Answer>
    </div>
  );
};

const CodeForm = ({ code }: { code: string }) => {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(code);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const check = () => {
    const clean = typed.trim();
    setErrors(clean ? {} : { code: t('verify.code-missing') });
    if (clean) void navigate(`/verify/${encodeURIComponent(clean)}`);
  };
  return (
    <Form errors={errors} onSubmit={check} label={t('verify.by-code')}>
      <TextField
        name="code"
        label={t('verify.code')}
        hint={t('verify.code-hint')}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
      <div>
        <Button type="submit" look="primary" icon="shield">
          {t('verify.act')}
        </Button>
      </div>
    </Form>
  );
};
