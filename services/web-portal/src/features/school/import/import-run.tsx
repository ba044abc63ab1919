import { Button, buttonClass, Meter, Note } from '@ateneo/ui';
import { useState } from 'react';
import { Link } from 'react-router';
import type { OutputOf } from '../../../api/client.js';
import { useAct, useAsk } from '../../../api/hooks.js';
import { useLive } from '../../../api/live.js';
import { useCodeText, useLanguage } from '../../../i18n/language.js';
import { Answer, Problem } from '../../../shell/problem.js';
import { OddRows } from './odd-rows.js';

type Import = OutputOf<'logbook.show-import'>;
const everySecond = 1_000;
const fates = ['new', 'new-as-submitted', 'amends-draft', 'already-there', 'refused'] as const;
const odd = ['refused', 'new-as-submitted'] as const;
const works = ({ is }: Import): boolean => is === 'checking' || is === 'importing';

/** A file on its way in: the check, what would happen to the rows, the decision, the result. */
export const ImportRun = ({ importId }: { importId: string }) => {
  const [working, setWorking] = useState(true);
  const found = useAsk('logbook.show-import', { importId }, { every: working ? everySecond : undefined, staleTime: 0 });
  useLive([{ key: `import:${importId}`, refreshes: ['logbook.show-import'] }]);
  if (found.data && works(found.data) !== working) setWorking(works(found.data));
  return (
    <Answer of={found}>
      {(data) => (
        <div className="at-stack">
          <Progress data={data} />
          {data.is !== 'failed' && <Fates data={data} />}
          {data.is === 'checked' && <Confirm data={data} />}
          {!works(data) &&
            odd.map(
              (fate) =>
                data.fates[fate] > 0 && (
                  <OddRows key={fate} fate={fate} importId={importId} fileName={data.fileName} total={data.fates[fate]} />
                ),
            )}
        </div>
      )}
    </Answer>
  );
};

const Progress = ({ data }: { data: Import }) => {
  const { t } = useLanguage();
  const done =
    data.rows > 0 ? t('import.processed', { done: data.processed, total: data.rows }) : t('import.processed-so-far', { n: data.processed });
  return (
    <section className="at-card at-stack at-stack--tight" aria-label={data.fileName}>
      <div className="at-row at-row--between">
        <h2>{data.fileName}</h2>
        <span className="at-numbers">{done}</span>
      </div>
      <p role="status" className="at-strong">
        {t(`import.is-${data.is}`)}
      </p>
      {works(data) && (
        <>
          <Meter label={t(`import.is-${data.is}`)} value={data.processed} max={data.rows} />
          <p className="at-soft at-small">{t('import.leave')}</p>
        </>
      )}
      {data.problem && <FileProblems problem={data.problem} />}
      {!works(data) && (
        <div className="at-row">
          {data.is === 'done' && (
            <Link to={`/school/${data.schoolId}/entries?import=${data.importId}`} className={buttonClass({ look: 'primary' })}>
              {t('import.open-list')}
            </Link>
          )}
          <Link to="?" className={buttonClass({ look: 'outline' })}>
            {t('import.another')}
          </Link>
        </div>
      )}
    </section>
  );
};

/** What is wrong with the whole file: codes with their details, as the check wrote them. */
const FileProblems = ({ problem }: { problem: string }) => {
  const codeText = useCodeText();
  return (
    <Note look="danger">
      {problem.split('; ').map((each) => {
        const [code = '', detail] = each.split(': ', 2);
        return (
          <p key={code}>
            <strong>{codeText('file-problem', code)}</strong> {detail}
          </p>
        );
      })}
    </Note>
  );
};

const Fates = ({ data }: { data: Import }) => {
  const { t, format } = useLanguage();
  return (
    <section className="at-card" aria-labelledby="fates">
      <h2 id="fates">{t('import.fates')}</h2>
      <dl className="at-fates">
        {fates.map((fate) => (
          <div key={fate}>
            <dt className="at-figure__label">{t(`fate.${fate}`)}</dt>
            <dd className="at-figure__value">{format.number(data.fates[fate])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

const Confirm = ({ data }: { data: Import }) => {
  const { t } = useLanguage();
  const confirm = useAct('logbook.confirm-import');
  const good = data.fates.new + data.fates['new-as-submitted'] + data.fates['amends-draft'];
  const onlyGood = data.fates.refused > 0;
  if (good === 0) return <Note look={onlyGood ? 'caution' : 'info'}>{t(onlyGood ? 'import.nothing-good' : 'import.nothing-new')}</Note>;
  return (
    <div className="at-stack at-stack--tight">
      {confirm.error && <Problem problem={confirm.error} />}
      <Note look={onlyGood ? 'caution' : 'positive'}>{t(onlyGood ? 'import.only-good' : 'import.all-good')}</Note>
      <p>
        <Button
          look="primary"
          icon="check"
          pending={confirm.isPending}
          onClick={() => confirm.mutate({ importId: data.importId, onlyGood })}
        >
          {t(onlyGood ? 'import.confirm-good' : 'import.confirm', { n: good })}
        </Button>
      </p>
    </div>
  );
};
