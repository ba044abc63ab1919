import { buttonClass, EmptyState, Icon, Pages } from '@ateneo/ui';
import { Link, useSearchParams } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLive } from '../../api/live.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { Answer } from '../../shell/problem.js';
import { useViewer } from '../../shell/viewer.js';
import { useCatalogue, useLoggingHelp, type Catalogue } from './catalogue.js';
import { EntryState, type EntryView } from './entry-words.js';

const states = ['draft', 'submitted', 'validated', 'rejected'] as const;
type State = (typeof states)[number];
const isState = (value: string | null): value is State => states.some((state) => state === value);
const size = 30;

/** `/logbook`: my entries, the latest first, by state; the state and the page live in the address. */
export const Component = () => {
  const { t } = useLanguage();
  const { me } = useViewer();
  const [params, setParams] = useSearchParams();
  const state = params.get('state');
  const page = Number(params.get('page') ?? '1');
  const entries = useAsk('logbook.list-entries', { traineeId: me.personId, state: isState(state) ? state : undefined, page, size });
  const help = useLoggingHelp();
  const catalogue = useCatalogue(help.data?.enrolment?.cohortId);
  useLive([{ key: `entries:${me.personId}`, refreshes: ['logbook.list-entries'] }]);
  return (
    <Page title={t('entries.title')} lead={t('entries.lead')} acts={<NewEntryLink />}>
      <Answer of={entries}>
        {({ entries: rows, total, byState }) => (
          <>
            <StateTabs byState={byState} />
            <div className="at-card at-card--flush">
              {rows.length === 0 ? (
                <EmptyState icon="book" title={t(state ? 'entries.none-here' : 'entries.none')} act={<NewEntryLink />}>
                  {t('entries.none-why')}
                </EmptyState>
              ) : (
                <ul className="at-rows">
                  {rows.map((entry) => (
                    <EntryRow key={entry.entryId} entry={entry} catalogue={catalogue} />
                  ))}
                </ul>
              )}
            </div>
            <Pages
              page={page}
              size={size}
              total={total}
              onPage={(next) => setParams({ ...(state ? { state } : {}), page: String(next) })}
            />
          </>
        )}
      </Answer>
    </Page>
  );
};

const NewEntryLink = () => {
  const { t } = useLanguage();
  return (
    <Link to="/logbook/new" className={buttonClass({ look: 'primary' })}>
      <Icon name="add" /> {t('entry.new')}
    </Link>
  );
};

const StateTabs = ({ byState }: { byState: Readonly<Record<string, number>> }) => {
  const { t, format } = useLanguage();
  const [params] = useSearchParams();
  const chosen = params.get('state');
  const tabs = [
    { key: null, label: t('entries.all'), n: states.reduce((sum, state) => sum + (byState[state] ?? 0), 0) },
    ...states.map((state) => ({ key: state, label: t(`entries.${state}`), n: byState[state] ?? 0 })),
  ];
  return (
    <nav aria-label={t('entries.by-state')}>
      <ul className="at-tabs">
        {tabs.map(({ key, label, n }) => (
          <li key={label}>
            <Link to={key ? `?state=${key}` : '?'} className="at-chip" aria-current={chosen === key ? 'true' : undefined}>
              {label} <span className="at-tabs__count">{format.number(n)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
};

/** One entry in a list: what, when, how many, its state, and why it came back. */
export const EntryRow = ({ entry, catalogue }: { entry: EntryView; catalogue: Catalogue | undefined }) => {
  const { t, format } = useLanguage();
  const facts = [
    format.period(entry.performedFrom, entry.performedTo),
    entry.quantity > 1 && t('entry.times', { n: entry.quantity }),
    entry.simulated && t('entry.is-simulated'),
  ].filter(Boolean);
  return (
    <li>
      <Link to={`/logbook/${entry.entryId}`} className="at-rows__link at-rows__link--stacking">
        <span>
          <span className="at-rows__title">{entry.activities.map((code) => catalogue?.labelOf(code) ?? code).join(' + ')}</span>
          <span className="at-rows__note">{facts.join(' · ')}</span>
          {entry.reason && entry.state !== 'validated' && <span className="at-rows__note at-rows__note--caution">{entry.reason}</span>}
        </span>
        <EntryState entry={entry} />
      </Link>
    </li>
  );
};
