import { StateBadge } from '@ateneo/ui';
import { Link } from 'react-router';
import { useLanguage } from '../../i18n/language.js';
import { useClassWords, type EntryView } from '../logbook/entry-words.js';
import type { Activities } from './activities.js';
import { groupsOf, type WaitingGroup } from './waiting-groups.js';

export type Choice = {
  has: (entry: EntryView) => boolean;
  toggle: (entry: EntryView, range: boolean) => void;
  put: (entries: readonly EntryView[], chosen: boolean) => void;
};
type ListProps = {
  entries: readonly EntryView[];
  activities: Activities;
  choice: Choice;
  current: string | null;
  onCurrent: (entryId: string) => void;
};

/** The id of the tick of a row, which the keys move to. */
export const tickId = (entryId: string): string => `tick-${entryId}`;

/** What waits, by trainee and day; each line says enough to decide without opening it. */
export const WaitingList = ({ entries, ...props }: ListProps) => {
  const queue = groupsOf(entries).flatMap((group) => group.entries.map(({ entryId }) => entryId));
  return (
    <div className="at-card at-card--flush">
      {groupsOf(entries).map((group) => (
        <Group key={group.key} group={group} queue={queue} {...props} />
      ))}
    </div>
  );
};

type GroupProps = Omit<ListProps, 'entries'> & { queue: readonly string[] };
const Group = ({ group, choice, ...props }: GroupProps & { group: WaitingGroup }) => {
  const { t, format } = useLanguage();
  const { trainee, traineeId, entries } = group;
  const day = format.longDay(group.day);
  return (
    <section className="at-group" aria-label={t('waiting.group', { trainee, day })}>
      <div className="at-group__head">
        <label className="at-check">
          <input
            type="checkbox"
            checked={entries.every(choice.has)}
            aria-label={t('waiting.select-group', { trainee, day })}
            onChange={(event) => choice.put(entries, event.target.checked)}
          />
        </label>
        <h2>
          <Link to={`/counters/${traineeId}`}>{trainee}</Link> <span className="at-soft">· {day}</span>
        </h2>
        <span className="at-small at-soft at-numbers">{t('waiting.group-n', { n: entries.length })}</span>
      </div>
      <ul className="at-rows">
        {entries.map((entry) => (
          <Line key={entry.entryId} entry={entry} choice={choice} {...props} />
        ))}
      </ul>
    </section>
  );
};

const Line = ({ entry, activities, choice, current, onCurrent, queue }: GroupProps & { entry: EntryView }) => {
  const { t, format } = useLanguage();
  const { entryId, trainee } = entry;
  const activity = activities.nameOf(entry.activities);
  const chosen = choice.has(entry);
  const look = ['at-line', chosen && 'at-line--chosen', current === entryId && 'at-line--current'].filter(Boolean).join(' ');
  return (
    <li className={look} onFocus={() => onCurrent(entryId)}>
      <label className="at-check">
        <input
          id={tickId(entryId)}
          type="checkbox"
          checked={chosen}
          aria-label={t('waiting.select', { activity, trainee, day: format.day(entry.performedTo) })}
          onChange={(event) => choice.toggle(entry, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
        />
      </label>
      <Link to={`/validation/${entryId}`} state={{ queue }} className="at-line__link">
        <span>
          <span className="at-rows__title">{activity}</span>
          {entry.note && <span className="at-rows__note">{entry.note}</span>}
        </span>
        <LineFacts entry={entry} />
      </Link>
    </li>
  );
};

/** Role, level, quantity and what is unlike the usual line. */
const LineFacts = ({ entry }: { entry: EntryView }) => {
  const { t, format } = useLanguage();
  const words = useClassWords();
  const facts = [
    ...Object.entries(entry.classified).map(([axis, value]) => words.value(axis, String(value))),
    entry.autonomy && words.level(entry.autonomy),
    entry.period && format.period(entry.performedFrom, entry.performedTo),
    entry.quantity > 1 && t('waiting.quantity', { n: entry.quantity }),
    entry.credits !== null && t('unit.credits', { n: entry.credits }),
    entry.simulated && t('entry.is-simulated'),
    entry.kind !== 'professional' && t(`kind.${entry.kind}`),
  ].filter(Boolean);
  const late = entry.submittedAt !== null && entry.recordedAt.slice(0, 10) > entry.performedTo;
  return (
    <span>
      <span className="at-rows__note">{facts.join(' · ')}</span>
      {late && (
        <span className="at-rows__note">{t('waiting.logged-on', { day: format.instant(entry.recordedAt).split(',')[0] ?? '' })}</span>
      )}
      {entry.flags.map((flag) => (
        <StateBadge key={flag} look="caution" icon="warning">
          {t(`flag.${flag}`)}
        </StateBadge>
      ))}
    </span>
  );
};
