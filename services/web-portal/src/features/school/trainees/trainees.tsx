import { buttonClass, CheckField, DataList, EmptyState, Pages, ProgressLegend, type Sorting } from '@ateneo/ui';
import { useState } from 'react';
import { Link } from 'react-router';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useAddress } from '../../../shell/use-address.js';
import { useTraineeColumns } from './trainee-columns.js';
import { TraineeFilters } from './trainee-filters.js';
import { pageSize, useTraineeQuery, useTrainees, type TraineeRow } from './trainee-query.js';

const keptDensity = 'ateneo.dense';
const useDensity = (): [boolean, (dense: boolean) => void] => {
  const [dense, setDense] = useState(() => localStorage.getItem(keptDensity) === 'true');
  const change = (next: boolean) => {
    localStorage.setItem(keptDensity, String(next));
    setDense(next);
  };
  return [dense, change];
};
const keyOf = (row: TraineeRow): string => row.enrolmentId;

/** `/school/:school/trainees`: the trainees with their counts and progress; sorted, filtered, searched and paged by the server. */
export const Component = () => {
  const { t } = useLanguage();
  const [dense, setDense] = useDensity();
  const trainees = useTrainees();
  return (
    <Page title={t('trainees.title')}>
      <TraineeFilters>
        <div className="at-filters__free at-only-wide">
          <CheckField label={t('trainees.density')} checked={dense} onChange={setDense} />
        </div>
      </TraineeFilters>
      <Answer of={trainees} rows={8}>
        {({ trainees: rows, total }) => (rows.length === 0 ? <NobodyHere /> : <TraineeList rows={rows} total={total} dense={dense} />)}
      </Answer>
    </Page>
  );
};

const TraineeList = ({ rows, total, dense }: { rows: readonly TraineeRow[]; total: number; dense: boolean }) => {
  const { t } = useLanguage();
  const address = useAddress();
  const { sort, descending, page } = useTraineeQuery();
  const columns = useTraineeColumns(rows);
  const onSort = ({ by, descending: down }: Sorting) => address.change({ sort: by, order: down ? 'descending' : undefined });
  return (
    <>
      <DataList
        caption={t('trainees.caption', { n: total })}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        sorting={{ by: sort, descending }}
        onSort={onSort}
        dense={dense}
      />
      <div className="at-spaced">
        <ProgressLegend />
      </div>
      <Pages page={page} size={pageSize} total={total} onPage={address.toPage} />
    </>
  );
};

/** The filters leave nobody: the act that brings everyone back. */
export const NobodyHere = () => {
  const { t } = useLanguage();
  return (
    <div className="at-card">
      <EmptyState
        icon="people"
        title={t('trainees.none')}
        act={
          <Link to="?" className={buttonClass({ look: 'outline' })}>
            {t('trainees.clear')}
          </Link>
        }
      >
        {t('trainees.none-why')}
      </EmptyState>
    </div>
  );
};
