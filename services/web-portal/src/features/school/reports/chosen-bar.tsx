import { Button, type Chosen } from '@ateneo/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { call, newId } from '../../../api/client.js';
import { useAct } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import type { Locale } from '../../../i18n/messages.js';
import { Problem } from '../../../shell/problem.js';
import { useSchoolId } from '../school-of-page.js';
import { useTraineeQuery, type TraineeRow } from '../trainees/trainee-query.js';

/** As many as one run takes. */
const most = 500;
const largestPage = 200;

/** Chooses everyone whom the filters leave, on all pages. */
export const SelectAll = ({ total, onSelect }: { total: number; onSelect: (rows: readonly TraineeRow[]) => void }) => {
  const { t } = useLanguage();
  const query = useTraineeQuery();
  const everyone = useMutation({
    mutationFn: async () => {
      const pages = Array.from({ length: Math.ceil(total / largestPage) }, (_, page) =>
        call('reporting.list-trainees', { ...query, page: page + 1, size: largestPage }),
      );
      return (await Promise.all(pages)).flatMap(({ trainees }) => trainees);
    },
    onSuccess: onSelect,
  });
  return (
    <p className="at-row">
      <Button small look="outline" pending={everyone.isPending} onClick={() => everyone.mutate()}>
        {t('reports.select-all', { n: total })}
      </Button>
    </p>
  );
};

/** How many are chosen, in which language, and the act; stays in sight while the list scrolls. */
export const ChosenBar = ({ selection }: { selection: Chosen<TraineeRow> }) => {
  const { t, locale: spoken } = useLanguage();
  const [, setParams] = useSearchParams();
  const schoolId = useSchoolId();
  const [locale, setLocale] = useState<Locale>(spoken);
  const [runId] = useState(newId);
  const start = useAct('reporting.start-report-run');
  const n = selection.rows.size;
  if (n === 0) return null;
  const generate = () =>
    start.mutate({ runId, schoolId, traineeIds: [...selection.rows.keys()], locale }, { onSuccess: () => setParams({ run: runId }) });
  return (
    <>
      {start.error && <Problem problem={start.error} />}
      <div className="at-chosen" role="region" aria-label={t('reports.selected', { n })}>
        <span className="at-row">
          <strong role="status">{t('reports.selected', { n })}</strong>
          {n > most && <span className="at-rows__note--caution">{t('reports.too-many', { n: most })}</span>}
        </span>
        <span className="at-row">
          <select
            className="at-input at-input--narrow"
            aria-label={t('reports.language')}
            value={locale}
            onChange={(event) => setLocale(event.target.value as Locale)}
          >
            <option value="it">{t('shell.italian')}</option>
            <option value="en">{t('shell.english')}</option>
          </select>
          <Button small onClick={selection.clear}>
            {t('reports.deselect')}
          </Button>
          <Button look="primary" icon="document" disabled={n > most} pending={start.isPending} onClick={generate}>
            {t('reports.generate', { n })}
          </Button>
        </span>
      </div>
    </>
  );
};
