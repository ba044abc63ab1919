import { CheckField, DataList, EmptyState, FilterBar, Pages, SelectField, StateBadge, type Column } from '@ateneo/ui';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { Answer } from '../../shell/problem.js';
import { useAddress } from '../../shell/use-address.js';
import { EntryState, type EntryView } from '../logbook/entry-words.js';
import { useActivities } from '../validation/activities.js';
import { useSchoolId } from './school-of-page.js';

const states = ['submitted', 'validated', 'rejected'] as const;
type State = (typeof states)[number];
const isState = (value: string): value is State => states.some((state) => state === value);
const size = 50;
const keyOf = (row: EntryView): string => row.entryId;

/** `/school/:school/entries`: what was sent, of a trainee (`?trainee=`) or of an import (`?import=`). */
export const Component = () => {
  const { t } = useLanguage();
  const address = useAddress();
  const schoolId = useSchoolId();
  const [traineeId, importId, state] = [address.get('trainee'), address.get('import'), address.get('state')];
  const entries = useAsk('logbook.list-entries', {
    schoolId,
    traineeId: traineeId || undefined,
    importId: importId || undefined,
    state: isState(state) ? state : undefined,
    flagged: address.get('flagged') === 'true' || undefined,
    page: address.page,
    size,
  });
  const back = importId
    ? { to: `/school/${schoolId}/import?import=${importId}`, label: t('import.title') }
    : { to: traineeId ? `/school/${schoolId}/trainees/${traineeId}` : `/school/${schoolId}/trainees`, label: t('trainees.title') };
  const title = importId ? t('entries-of.imported') : t('entries-of.title');
  const whose = traineeId ? entries.data?.entries[0]?.trainee : undefined;
  const options = [{ value: '', label: t('entries-of.all-states') }, ...states.map((value) => ({ value, label: t(`entries.${value}`) }))];
  return (
    <Page title={title} lead={whose} back={back}>
      <FilterBar label={t('entries-of.filters')}>
        <SelectField
          name="state"
          label={t('entries-of.state')}
          options={options}
          value={state}
          onChange={(next) => address.change({ state: next })}
        />
        <div className="at-filters__free">
          <CheckField
            label={t('entries-of.flagged')}
            checked={address.get('flagged') === 'true'}
            onChange={(only) => address.change({ flagged: only ? 'true' : undefined })}
          />
        </div>
      </FilterBar>
      <Answer of={entries}>
        {({ entries: rows, total }) => (
          <>
            {rows.length === 0 ? (
              <div className="at-card">
                <EmptyState icon="book" title={t('entries-of.none')} />
              </div>
            ) : (
              <EntryTable rows={rows} total={total} schoolId={schoolId} />
            )}
            <Pages page={address.page} size={size} total={total} onPage={address.toPage} />
          </>
        )}
      </Answer>
    </Page>
  );
};

const EntryTable = ({ rows, total, schoolId }: { rows: readonly EntryView[]; total: number; schoolId: string }) => {
  const { t, format } = useLanguage();
  const activities = useActivities(useMemo(() => [schoolId], [schoolId]));
  const columns: Column<EntryView>[] = [
    {
      key: 'what',
      label: t('entries-of.what'),
      heading: true,
      render: (row) => <Link to={`/school/${schoolId}/entries/${row.entryId}`}>{activities.nameOf(row.activities)}</Link>,
    },
    { key: 'who', label: t('entries-of.who'), render: ({ trainee }) => trainee },
    { key: 'when', label: t('entries-of.when'), render: ({ performedFrom, performedTo }) => format.period(performedFrom, performedTo) },
    { key: 'quantity', label: t('entries-of.quantity'), number: true, render: ({ quantity }) => format.number(quantity) },
    { key: 'state', label: t('entries-of.state'), render: (row) => <StateAndFlags entry={row} /> },
  ];
  return <DataList caption={t('entries-of.caption', { n: total })} columns={columns} rows={rows} keyOf={keyOf} />;
};

const StateAndFlags = ({ entry }: { entry: EntryView }) => {
  const { t } = useLanguage();
  return (
    <span className="at-row">
      <EntryState entry={entry} />
      {entry.flags.map((flag) => (
        <StateBadge key={flag} look="caution" icon="warning">
          {t(`flag.${flag}`)}
        </StateBadge>
      ))}
    </span>
  );
};
