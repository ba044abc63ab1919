import { StateBadge, Pages } from '@ateneo/ui';
import { useState } from 'react';
import { Link } from 'react-router';
import type { OutputOf } from '../../../api/client.js';
import { useAsk } from '../../../api/hooks.js';
import { useLanguage } from '../../../i18n/language.js';
import { Answer } from '../../../shell/problem.js';
import { useClassWords } from '../../logbook/entry-words.js';

type Behind = OutputOf<'reporting.explain-requirement'>['entries'][number];
const size = 20;

/** The entries behind a number, grouped by state. */
export const EntriesBehind = ({ traineeId, requirementId }: { traineeId: string; requirementId: string }) => {
  const { t } = useLanguage();
  const [page, setPage] = useState(1);
  const entries = useAsk('reporting.explain-requirement', { traineeId, requirementId, page, size });
  return (
    <Answer of={entries} rows={3}>
      {(answer) =>
        answer.total === 0 && answer.notShown === 0 ? (
          <p className="at-soft">{t('counters.no-entries')}</p>
        ) : (
          <div className="at-stack">
            {(['validated', 'submitted'] as const).map((state) => (
              <Group key={state} state={state} entries={answer.entries.filter((entry) => entry.state === state)} />
            ))}
            {answer.total > 0 && <Pages page={page} size={size} total={answer.total} onPage={setPage} />}
            {answer.notShown > 0 && <p className="at-soft">{t('counters.not-shown', { n: answer.notShown })}</p>}
          </div>
        )
      }
    </Answer>
  );
};

const Group = ({ state, entries }: { state: Behind['state']; entries: readonly Behind[] }) => {
  const { t, format } = useLanguage();
  const words = useClassWords();
  if (entries.length === 0) return null;
  const facts = (entry: Behind) =>
    [
      ...Object.entries(entry.classified).map(([axis, value]) => words.value(axis, value)),
      entry.autonomy && words.level(entry.autonomy),
      entry.simulated && t('entry.is-simulated'),
      entry.via && t('counters.via', { code: entry.via }),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <div className="at-stack at-stack--tight">
      <h4>
        <StateBadge look={state === 'validated' ? 'positive' : 'info'}>
          {t(state === 'validated' ? 'counters.counted-validated' : 'counters.counted-submitted')}
        </StateBadge>
      </h4>
      <ul className="at-rows at-sunken">
        {entries.map((entry) => (
          <li key={entry.entryId}>
            <Link to={`/logbook/${entry.entryId}`} className="at-rows__link">
              <span>
                <span className="at-rows__title">{format.period(entry.performedFrom, entry.performedTo)}</span>
                <span className="at-rows__note">{facts(entry)}</span>
              </span>
              <span className="at-numbers">{t('counters.quantity', { n: entry.quantity })}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
};
