import { Button, DataList, Pages, type Column } from '@ateneo/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type OutputOf } from '../../../api/client.js';
import { useAsk } from '../../../api/hooks.js';
import type { ProblemError } from '../../../api/problem.js';
import { useCodeText, useLanguage } from '../../../i18n/language.js';
import { Answer, Problem } from '../../../shell/problem.js';
import { csvOf, saveFile } from './csv.js';

type Row = OutputOf<'logbook.list-import-rows'>['rows'][number];
type Fate = 'refused' | 'new-as-submitted';
type Props = { importId: string; fileName: string; total: number; fate: Fate };
const size = 50;
const largestPage = 200;
const keyOf = (row: Row): string => String(row.line);

/** What is wrong with a row, in words. */
const useRowSentence = () => {
  const codeText = useCodeText();
  return ({ code }: Row): string => (code === null ? '' : codeText('row', code, codeText('refusal', code)));
};

/** What to do about it: the advice for the code, then what the cell may hold. */
const useRowAdvice = () => {
  const codeText = useCodeText();
  return ({ code, detail }: Row): string => [code === null ? '' : codeText('fix', code, ''), detail].filter(Boolean).join(': ');
};

/** The rows that stay out, or come in otherwise than asked: line, column, what is wrong, how to fix it; all of them as a file. */
export const OddRows = ({ importId, fileName, total, fate }: Props) => {
  const { t } = useLanguage();
  const [page, setPage] = useState(1);
  const rows = useAsk('logbook.list-import-rows', { importId, fate, page, size });
  const sentence = useRowSentence();
  const advice = useRowAdvice();
  const columns: Column<Row>[] = [
    { key: 'line', label: t('import.line'), heading: true, render: ({ line }) => <span className="at-numbers">{line}</span> },
    { key: 'id', label: t('import.external-id'), render: ({ externalId }) => externalId },
    { key: 'column', label: t('import.column'), render: ({ column }) => <span className="at-copy">{column ?? '–'}</span> },
    { key: 'what', label: t(fate === 'refused' ? 'import.what' : 'import.why'), render: sentence },
    { key: 'fix', label: t('import.fix'), render: (row) => advice(row) || '–' },
  ];
  return (
    <div className="at-stack">
      {fate === 'refused' && <Download importId={importId} fileName={fileName} total={total} />}
      <Answer of={rows}>
        {(answer) => (
          <>
            <DataList
              caption={t(fate === 'refused' ? 'import.bad-rows' : 'import.waiting-rows', { n: total })}
              columns={columns}
              rows={answer.rows}
              keyOf={keyOf}
              dense
            />
            <Pages page={page} size={size} total={answer.total} onPage={setPage} />
          </>
        )}
      </Answer>
    </div>
  );
};

const Download = ({ importId, fileName, total }: Omit<Props, 'fate'>) => {
  const { t } = useLanguage();
  const sentence = useRowSentence();
  const advice = useRowAdvice();
  const download = useMutation<Row[], ProblemError>({
    mutationFn: async () => {
      const found: Row[] = [];
      for (let page = 1; page <= Math.ceil(total / largestPage); page++)
        found.push(...(await call('logbook.list-import-rows', { importId, fate: 'refused', page, size: largestPage })).rows);
      return found;
    },
    onSuccess: (found) => {
      const head = [t('import.line'), t('import.external-id'), t('import.column'), t('import.what'), t('import.fix')];
      saveFile(
        fileName.replace(/(\.csv)?$/i, '-da-sistemare.csv'),
        csvOf([head, ...found.map((row) => [String(row.line), row.externalId, row.column ?? '', sentence(row), advice(row)])]),
      );
    },
  });
  return (
    <>
      {download.error && <Problem problem={download.error} />}
      <p>
        <Button look="outline" icon="download" pending={download.isPending} onClick={() => download.mutate()}>
          {t('import.download-bad')}
        </Button>
      </p>
    </>
  );
};
