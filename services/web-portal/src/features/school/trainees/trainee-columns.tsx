import { CountBar, ProgressPair, StateBadge, type Column } from '@ateneo/ui';
import { Link } from 'react-router';
import { useLanguage } from '../../../i18n/language.js';
import type { TraineeRow } from './trainee-query.js';

/** Columns of the list of trainees; the bars of one page share one scale. */
export const useTraineeColumns = (rows: readonly TraineeRow[]): Column<TraineeRow>[] => {
  const { t, format } = useLanguage();
  const most = Math.max(1, ...rows.map(({ draft, submitted, validated }) => draft + submitted + validated));
  return [
    { key: 'name', label: t('trainees.name'), heading: true, sort: 'name', render: (row) => <Name row={row} /> },
    { key: 'cohort', label: t('trainees.cohort-year'), sort: 'cohort', render: (row) => <CohortYear row={row} /> },
    { key: 'draft', label: t('trainees.draft'), number: true, render: ({ draft }) => format.number(draft) },
    { key: 'submitted', label: t('trainees.submitted'), number: true, sort: 'submitted', render: (row) => <Submitted row={row} /> },
    { key: 'validated', label: t('trainees.validated'), number: true, render: ({ validated }) => format.number(validated) },
    { key: 'entries', label: t('trainees.entries'), render: (row) => <Counts row={row} most={most} /> },
    { key: 'progress', label: t('trainees.progress'), sort: 'progress', render: (row) => <Progress row={row} /> },
    {
      key: 'last',
      label: t('trainees.last-entry'),
      sort: 'last-entry',
      render: ({ lastEntryOn }) => <span className="at-nowrap">{lastEntryOn ? format.day(lastEntryOn) : '–'}</span>,
    },
  ];
};

type Props = { row: TraineeRow };

const Name = ({ row }: Props) => {
  const { t } = useLanguage();
  return (
    <span>
      <Link to={`/school/${row.schoolId}/trainees/${row.traineeId}`}>{row.name}</Link>{' '}
      {row.suspended && (
        <StateBadge look="caution" icon="clock">
          {t('trainees.suspended')}
        </StateBadge>
      )}
      <span className="at-rows__note">{row.tutor ? t('trainees.tutor', { name: row.tutor.name }) : t('trainees.no-tutor')}</span>
    </span>
  );
};

const CohortYear = ({ row }: Props) => {
  const { t } = useLanguage();
  return (
    <span>
      {row.cohort}
      {row.trainingYear !== null && <span className="at-rows__note">{t('trainees.year-n', { n: row.trainingYear })}</span>}
    </span>
  );
};

const Submitted = ({ row }: Props) => {
  const { format } = useLanguage();
  if (row.submitted === 0) return <>{format.number(0)}</>;
  return <Link to={`/school/${row.schoolId}/entries?trainee=${row.traineeId}&state=submitted`}>{format.number(row.submitted)}</Link>;
};

const Counts = ({ row, most }: Props & { most: number }) => (
  <CountBar
    most={most}
    parts={[
      { key: 'validated', n: row.validated, look: 'definitive' },
      { key: 'submitted', n: row.submitted, look: 'provisional' },
      { key: 'draft', n: row.draft, look: 'soft' },
    ]}
  />
);

/** Definitive above provisional, the figure of the definitive in words; leads to the counters. */
const Progress = ({ row }: Props) => {
  const { t, format } = useLanguage();
  const { definitivePercent: definitive, provisionalPercent: provisional } = row;
  const figure = definitive === null ? t('trainees.counters') : format.percent(definitive);
  return (
    <span className="at-cell-bars">
      {definitive !== null && provisional !== null ? (
        <ProgressPair definitive={definitive} provisional={provisional} minimum={100} />
      ) : (
        <span />
      )}
      <span>
        <Link
          to={`/counters/${row.traineeId}`}
          className="at-numbers at-nowrap"
          aria-label={t('trainees.counters-of', { figure, name: row.name })}
        >
          {figure}
        </Link>
        {row.met && <span className="at-rows__note">{t('trainees.met')}</span>}
        {row.missingAttestations > 0 && (
          <span className="at-rows__note">{t('trainees.missing-attestations', { n: row.missingAttestations })}</span>
        )}
      </span>
    </span>
  );
};
