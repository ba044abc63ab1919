import { FileDrop, Note } from '@ateneo/ui';
import { useState } from 'react';
import { newId, upload } from '../../../api/client.js';
import type { ProblemError } from '../../../api/problem.js';
import { today } from '../../../i18n/format.js';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Problem } from '../../../shell/problem.js';
import { useAddress } from '../../../shell/use-address.js';
import { useMutation } from '@tanstack/react-query';
import { useSchoolId, useSchoolOfPage } from '../school-of-page.js';
import { ImportRun } from './import-run.js';

/** Names of the columns that a file must have; docs/import.md says what each may hold. */
const columns =
  'external_id, student_number, kind, performed_on, activities, unit, quantity, autonomy, surgical_role, participation, setting, purpose, diagnosis, procedure, simulated, period_from, period_to, credits, credited_to, state, validator, note';

/** `/school/:school/import`: a file, its dry run, the decision, the result (`?import=`). */
export const Component = () => {
  const { t } = useLanguage();
  const importId = useAddress().get('import');
  return (
    <Page title={t('import.title')} lead={importId ? undefined : t('import.lead')}>
      {importId ? <ImportRun importId={importId} /> : <ChooseFile />}
    </Page>
  );
};

/** Sends the file as CSV, whatever the system calls its type. */
const useSending = () => {
  const schoolId = useSchoolId();
  const address = useAddress();
  const [importId, setImportId] = useState(newId);
  return useMutation<string, ProblemError, File>({
    mutationFn: async (file) => {
      await upload('logbook.start-import', { importId, schoolId, fileName: file.name.slice(0, 200) }, file, { intent: importId });
      return importId;
    },
    onSuccess: (sent) => address.change({ import: sent }),
    onError: () => setImportId(newId()),
  });
};

const ChooseFile = () => {
  const { t } = useLanguage();
  const sending = useSending();
  return (
    <div className="at-stack">
      {sending.error && <Problem problem={sending.error} />}
      <WindowNote />
      <FileDrop
        label={t('import.drop')}
        hint={sending.isPending ? t('import.sending') : t('import.drop-hint')}
        choose={t('import.choose')}
        accept=".csv,text/csv"
        disabled={sending.isPending}
        onFile={(file) => sending.mutate(file)}
      />
      <details className="at-more">
        <summary>{t('import.columns')}</summary>
        <div className="at-stack at-stack--tight">
          <p>{t('import.columns-how')}</p>
          <p className="at-copy" lang="en">
            {columns}
          </p>
        </div>
      </details>
    </div>
  );
};

/** Whether validated rows stay validated today (counting.md 25). */
const WindowNote = () => {
  const { t, format } = useLanguage();
  const { data } = useSchoolOfPage();
  if (!data) return null;
  const now = today();
  const open = data.importWindows.find(({ from, to }) => from <= now && now <= to);
  return (
    <Note look={open ? 'positive' : 'info'}>
      {open ? t('import.window-open', { day: format.day(open.to) }) : t('import.window-closed')}
    </Note>
  );
};
