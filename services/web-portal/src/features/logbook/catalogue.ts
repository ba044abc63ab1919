import type { Activity } from '@ateneo/contracts';
import MiniSearch from 'minisearch';
import { useMemo } from 'react';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';

/** What can be logged, found by words or code with typos forgiven. */
export type Catalogue = {
  byCode: ReadonlyMap<string, Activity>;
  search: (text: string) => readonly Activity[];
  labelOf: (code: string) => string;
};

const shown = 12;
const shortest = 4;
const longest = 10;
/** Beginnings of every word, so that a typo in a word that is not finished can be forgiven as well. */
const beginnings = (text: string): string[] =>
  text
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) =>
      Array.from({ length: Math.max(0, Math.min(word.length, longest) - shortest + 1) }, (_, more) => word.slice(0, shortest + more)),
    );
const indexOfBeginnings = (activities: readonly Activity[]): MiniSearch => {
  const index = new MiniSearch({ idField: 'code', fields: ['starts'], searchOptions: { fuzzy: 0.2, combineWith: 'AND' } });
  index.addAll(
    activities.map(({ code, label }) => ({ code, starts: [...new Set([...beginnings(label.it), ...beginnings(label.en)])].join(' ') })),
  );
  return index;
};

/** Builds the catalogue; both languages and the code are searched, and what was logged lately comes first among equals. */
export const catalogueOf = (
  activities: readonly Activity[],
  labelOf: (activity: Activity) => string,
  recent: ReadonlySet<string>,
): Catalogue => {
  const byCode = new Map(activities.map((activity) => [activity.code, activity]));
  const index = new MiniSearch({
    idField: 'code',
    fields: ['it', 'en', 'code'],
    searchOptions: {
      prefix: true,
      fuzzy: (term) => (term.length > 3 ? 0.25 : false),
      combineWith: 'AND',
      boostDocument: (code) => (recent.has(String(code)) ? 1.5 : 1),
    },
  });
  index.addAll(activities.map(({ code, label }) => ({ code, it: label.it, en: label.en })));
  let starts: MiniSearch | undefined;
  const nearly = (text: string) => (starts ??= indexOfBeginnings(activities)).search(text);
  const find = (text: string) => {
    const tries = [() => index.search(text), () => nearly(text), () => index.search(text, { combineWith: 'OR' })];
    for (const attempt of tries) {
      const all = attempt();
      if (all.length > 0) return all.slice(0, shown);
    }
    return [];
  };
  return {
    byCode,
    search: (text) => find(text).flatMap(({ id }) => byCode.get(String(id)) ?? []),
    labelOf: (code) => {
      const activity = byCode.get(code);
      return activity ? labelOf(activity) : code;
    },
  };
};

const longLived = 10 * 60_000;
const nothing: ReadonlySet<string> = new Set();

/** The catalogue of a cohort; undefined while it loads. */
export const useCatalogue = (cohortId: string | undefined, recent: ReadonlySet<string> = nothing): Catalogue | undefined => {
  const { format } = useLanguage();
  const { data } = useAsk(
    'school-network.list-activities',
    { cohortId: cohortId ?? '' },
    { enabled: cohortId !== undefined, staleTime: longLived },
  );
  return useMemo(() => data && catalogueOf(data.activities, (activity) => format.local(activity.label), recent), [data, format, recent]);
};

/** The catalogue that an entry of a trainee was logged from. */
export const useCatalogueOf = (traineeId: string, enrolmentId: string): Catalogue | undefined => {
  const { data } = useAsk('career.show-career', { traineeId }, { staleTime: longLived });
  return useCatalogue(data?.enrolments.find((enrolment) => enrolment.enrolmentId === enrolmentId)?.cohortId);
};

/** Units of a school by id; undefined while they load. */
export const useSchool = (schoolId: string | undefined) =>
  useAsk('school-network.show-school', { schoolId: schoolId ?? '' }, { enabled: schoolId !== undefined, staleTime: longLived });

/** What the form offers first, and the enrolment it logs for. */
export const useLoggingHelp = () => useAsk('logbook.show-logging-help', {});
