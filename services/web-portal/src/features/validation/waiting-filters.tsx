import { FilterBar, SelectField } from '@ateneo/ui';
import type { OutputOf } from '../../api/client.js';
import { useLanguage } from '../../i18n/language.js';

export type Filters = { trainee: string; day: string; kind: string };
type Waiting = OutputOf<'logbook.list-waiting'>;
const kinds = ['professional', 'non-professional', 'past'] as const;

/** Whose entries, of which day, of which kind. */
export const WaitingFilters = ({
  waiting,
  days: ofDays,
  filters,
  onChange,
}: {
  waiting: Waiting;
  days: readonly string[];
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}) => {
  const { t, format } = useLanguage();
  const trainees = waiting.trainees.map(({ traineeId, trainee, n }) => ({
    value: traineeId,
    label: t('waiting.trainee-n', { name: trainee, n }),
  }));
  const days = ofDays.map((day) => ({ value: day, label: format.longDay(day) }));
  const ofKind = kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }));
  return (
    <FilterBar label={t('waiting.filters')}>
      <SelectField
        name="trainee"
        label={t('waiting.trainee')}
        options={[{ value: '', label: t('waiting.all-trainees', { n: waiting.total }) }, ...trainees]}
        value={filters.trainee}
        onChange={(trainee) => onChange({ trainee, day: '' })}
      />
      <SelectField
        name="day"
        label={t('waiting.day')}
        options={[{ value: '', label: t('waiting.all-days') }, ...days]}
        value={filters.day}
        onChange={(day) => onChange({ day })}
      />
      <SelectField
        name="kind"
        label={t('waiting.kind')}
        options={[{ value: 'all', label: t('waiting.all-kinds') }, ...ofKind]}
        value={filters.kind}
        onChange={(kind) => onChange({ kind })}
      />
    </FilterBar>
  );
};
