import { FilterBar, SelectField, TextField } from '@ateneo/ui';
import { useEffect, useState, type ReactNode } from 'react';
import { useLanguage } from '../../../i18n/language.js';
import { useAddress } from '../../../shell/use-address.js';
import { useSchoolOfPage } from '../school-of-page.js';

const pause = 250;

/** Search, cohort, year and state, all kept in the address. */
export const TraineeFilters = ({ children }: { children?: ReactNode }) => {
  const { t } = useLanguage();
  const address = useAddress();
  const { data } = useSchoolOfPage();
  const cohorts = (data?.cohorts ?? [])
    .toSorted((a, b) => (a.startsOn < b.startsOn ? 1 : -1))
    .map(({ cohortId, label }) => ({ value: cohortId, label }));
  const years = Array.from({ length: data?.school.years ?? 0 }, (_, index) => ({
    value: String(index + 1),
    label: t('trainees.year-n', { n: index + 1 }),
  }));
  const states = [
    { value: '', label: t('trainees.everyone') },
    { value: 'waiting', label: t('trainees.only-waiting') },
    { value: 'suspended', label: t('trainees.only-suspended') },
  ];
  return (
    <FilterBar label={t('trainees.filters')}>
      <SearchField value={address.get('search')} onSearch={(search) => address.change({ search })} />
      <SelectField
        name="cohort"
        label={t('trainees.cohort')}
        options={[{ value: '', label: t('trainees.all-cohorts') }, ...cohorts]}
        value={address.get('cohort')}
        onChange={(cohort) => address.change({ cohort })}
      />
      <SelectField
        name="year"
        label={t('trainees.year')}
        options={[{ value: '', label: t('trainees.all-years') }, ...years]}
        value={address.get('year')}
        onChange={(year) => address.change({ year })}
      />
      <SelectField
        name="only"
        label={t('trainees.only')}
        options={states}
        value={address.get('only')}
        onChange={(only) => address.change({ only })}
      />
      {children}
    </FilterBar>
  );
};

/** Searches a moment after the last letter. */
const SearchField = ({ value, onSearch }: { value: string; onSearch: (text: string) => void }) => {
  const { t } = useLanguage();
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), pause);
    return () => clearTimeout(timer);
  });
  return (
    <div className="at-filters__grow">
      <TextField name="search" type="search" label={t('trainees.search')} autoComplete="off" value={text} onChange={setText} />
    </div>
  );
};
