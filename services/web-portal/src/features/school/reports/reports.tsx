import { DataList, Pages, useSelection, type Chosen, type Column, type Selection } from '@ateneo/ui';
import { useLanguage } from '../../../i18n/language.js';
import { Page } from '../../../shell/page.js';
import { Answer } from '../../../shell/problem.js';
import { useAddress } from '../../../shell/use-address.js';
import { TraineeFilters } from '../trainees/trainee-filters.js';
import { pageSize, useTraineeQuery, useTrainees, type TraineeRow } from '../trainees/trainee-query.js';
import { NobodyHere } from '../trainees/trainees.js';
import { ChosenBar, SelectAll } from './chosen-bar.js';
import { ReportRun } from './report-run.js';

const keyOf = (row: TraineeRow): string => row.traineeId;

/** `/school/:school/reports`: choose many, generate their reports, follow the run (`?run=`) and download it. */
export const Component = () => {
  const { t } = useLanguage();
  const runId = useAddress().get('run');
  if (runId) return <ReportRun runId={runId} />;
  return (
    <Page title={t('reports.title')} lead={t('reports.lead')}>
      <TraineeFilters />
      <ReportChoice />
    </Page>
  );
};

const ReportChoice = () => {
  const trainees = useTrainees();
  const selection = useSelection(trainees.data?.trainees ?? [], keyOf);
  return (
    <Answer of={trainees} rows={8}>
      {({ trainees: rows, total }) => (
        <>
          {rows.length === 0 ? <NobodyHere /> : <ChoiceList rows={rows} total={total} selection={selection} />}
          <ChosenBar selection={selection} />
        </>
      )}
    </Answer>
  );
};

const ChoiceList = ({ rows, total, selection }: { rows: readonly TraineeRow[]; total: number; selection: Chosen<TraineeRow> }) => {
  const { t, format } = useLanguage();
  const address = useAddress();
  const { page, sort, descending } = useTraineeQuery();
  const all = rows.every(selection.has);
  const ticks: Selection<TraineeRow> = {
    has: selection.has,
    toggle: selection.toggle,
    toggleAll: () => selection.put(rows, !all),
    all,
    nameOf: ({ name }) => name,
  };
  const columns: Column<TraineeRow>[] = [
    { key: 'name', label: t('trainees.name'), heading: true, sort: 'name', render: ({ name }) => name },
    { key: 'cohort', label: t('trainees.cohort'), sort: 'cohort', render: ({ cohort }) => cohort },
    {
      key: 'year',
      label: t('trainees.year'),
      render: ({ trainingYear }) => (trainingYear === null ? '–' : t('trainees.year-n', { n: trainingYear })),
    },
    { key: 'validated', label: t('trainees.validated'), number: true, render: ({ validated }) => format.number(validated) },
    {
      key: 'progress',
      label: t('trainees.progress'),
      number: true,
      sort: 'progress',
      render: ({ definitivePercent }) => (definitivePercent === null ? '–' : format.percent(definitivePercent)),
    },
  ];
  return (
    <div className="at-stack at-stack--tight">
      <SelectAll total={total} onSelect={(every) => selection.put(every, true)} />
      <DataList
        caption={t('trainees.caption', { n: total })}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        selection={ticks}
        sorting={{ by: sort, descending }}
        onSort={({ by, descending: down }) => address.change({ sort: by, order: down ? 'descending' : undefined })}
      />
      <Pages page={page} size={pageSize} total={total} onPage={address.toPage} />
    </div>
  );
};
