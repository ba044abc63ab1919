import { Button, buttonClass, EmptyState, LiveDot, Pages, useSelection } from '@ateneo/ui';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLive } from '../../api/live.js';
import { useLanguage } from '../../i18n/language.js';
import { useAddress } from '../../shell/use-address.js';
import { Page } from '../../shell/page.js';
import { Answer, Problem } from '../../shell/problem.js';
import type { EntryView } from '../logbook/entry-words.js';
import { useActivities } from './activities.js';
import { Refusals, Undo } from './outcome.js';
import { useValidation } from './use-validation.js';
import { WaitingFilters, type Filters } from './waiting-filters.js';
import { groupsOf } from './waiting-groups.js';
import { WaitingList } from './waiting-list.js';
import { useWaitingPage, WaitingSheets, type Sheet } from './waiting-page.js';

const size = 100;
const keyOf = (entry: EntryView): string => entry.entryId;
const isKind = (kind: string): kind is EntryView['kind'] => kind === 'professional' || kind === 'non-professional' || kind === 'past';

/** `/validation`: what waits for me, by trainee and day; validated many at once after a preview, with ten minutes to undo. */
export const Component = () => {
  const { t } = useLanguage();
  const address = useAddress();
  const filters: Filters = { trainee: address.get('trainee'), day: address.get('day'), kind: address.get('kind') || 'all' };
  const waiting = useAsk('logbook.list-waiting', { size: 1 });
  const ofTrainee = useAsk('logbook.list-waiting', { traineeId: filters.trainee || undefined, days: true, size: 1 });
  const entries = useAsk('logbook.list-entries', {
    state: 'submitted',
    traineeId: filters.trainee || undefined,
    from: filters.day || undefined,
    to: filters.day || undefined,
    kind: isKind(filters.kind) ? filters.kind : undefined,
    page: address.page,
    size,
  });
  const [sheet, open] = useState<Sheet>(null);
  const mine = waiting.data?.total;
  const live = useLive([{ key: 'waiting', refreshes: ['logbook.list-waiting', 'logbook.list-entries'] }]);
  return (
    <Page
      title={t('waiting.title')}
      lead={mine !== undefined && mine > 0 && t('waiting.lead', { n: mine })}
      acts={<Acts live={live} onKeys={() => open('keys')} />}
    >
      <div className="at-stack">
        {waiting.data && waiting.data.total > 0 && (
          <WaitingFilters waiting={waiting.data} days={ofTrainee.data?.days ?? []} filters={filters} onChange={address.change} />
        )}
        <Answer of={entries}>
          {(answer) => (
            <Waiting
              entries={answer.entries}
              total={answer.total}
              filtered={filters.trainee !== '' || filters.day !== '' || filters.kind !== 'all'}
              sheet={sheet}
              open={open}
            />
          )}
        </Answer>
      </div>
    </Page>
  );
};

const Acts = ({ live, onKeys }: { live: boolean; onKeys: () => void }) => {
  const { t } = useLanguage();
  return (
    <>
      <LiveDot on={live} />
      <span className="at-only-keys">
        <Button small onClick={onKeys}>
          <kbd className="at-kbd">?</kbd> {t('waiting.keys')}
        </Button>
      </span>
    </>
  );
};

type WaitingProps = { entries: readonly EntryView[]; total: number; filtered: boolean; sheet: Sheet; open: (sheet: Sheet) => void };

const Waiting = ({ entries, total, filtered, sheet, open }: WaitingProps) => {
  const { t } = useLanguage();
  const address = useAddress();
  const shown = useMemo(() => groupsOf(entries).flatMap((group) => group.entries), [entries]);
  const activities = useActivities(useMemo(() => [...new Set(shown.map(({ schoolId }) => schoolId))], [shown]));
  const selection = useSelection(shown, keyOf);
  const validation = useValidation();
  const page = useWaitingPage({ shown, selection, validation, sheet, open });
  const chosen = [...selection.rows.values()];
  return (
    <>
      <Refusals validation={validation} known={page.known} activities={activities} />
      {validation.validate.error && page.sheet === null && <Problem problem={validation.validate.error} />}
      {shown.length === 0 ? (
        <NothingWaits filtered={filtered} />
      ) : (
        <>
          <WaitingList entries={shown} activities={activities} choice={selection} current={page.current} onCurrent={page.setCurrent} />
          <Pages page={address.page} size={size} total={total} onPage={address.toPage} />
        </>
      )}
      {chosen.length > 0 && (
        <div className="at-chosen" role="region" aria-label={t('waiting.selected', { n: chosen.length })}>
          <strong role="status">{t('waiting.selected', { n: chosen.length })}</strong>
          <span className="at-row">
            <Button small onClick={selection.clear}>
              {t('waiting.deselect')}
            </Button>
            <Button look="primary" icon="check" onClick={() => page.open('validate')}>
              {t('waiting.validate-n', { n: chosen.length })}
            </Button>
          </span>
        </div>
      )}
      {chosen.length === 0 && <Undo validation={validation} />}
      <WaitingSheets page={page} entries={chosen} activities={activities} validation={validation} onValidated={selection.clear} />
    </>
  );
};

const NothingWaits = ({ filtered }: { filtered: boolean }) => {
  const { t } = useLanguage();
  return (
    <div className="at-card">
      <EmptyState
        icon="check"
        title={t(filtered ? 'waiting.none-here' : 'waiting.none')}
        act={
          filtered && (
            <Link to="?kind=all" className={buttonClass({ look: 'outline' })}>
              {t('waiting.see-all')}
            </Link>
          )
        }
      >
        {t('waiting.none-why')}
      </EmptyState>
    </div>
  );
};
