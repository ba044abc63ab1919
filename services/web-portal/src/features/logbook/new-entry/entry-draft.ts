import type { Activity, Axis } from '@ateneo/contracts';
import type { InputOf, OutputOf } from '../../../api/client.js';

type EntryView = OutputOf<'logbook.show-entry'>['entry'];
export type Help = OutputOf<'logbook.show-logging-help'>;
export type Recent = Help['recent'][number];
export type EntryContent = Omit<InputOf<'logbook.record-entry'>, 'entryId' | 'enrolmentId' | 'submit'>;

/** What is being typed in the form, kept in the browser until it is saved. Figures are text until then. */
export type EntryDraft = {
  entryId: string;
  activities: readonly string[];
  performedOn: string | null;
  periodFrom: string | null;
  periodTo: string | null;
  unitId: string;
  quantity: string;
  autonomy: string | null;
  classified: Readonly<Partial<Record<Axis, string>>>;
  simulated: boolean;
  credits: string;
  note: string;
  past: boolean;
};

export const emptyDraft = (entryId: string, today: string, unitId: string | null): EntryDraft => ({
  entryId,
  activities: [],
  performedOn: today,
  periodFrom: null,
  periodTo: today,
  unitId: unitId ?? '',
  quantity: '1',
  autonomy: null,
  classified: {},
  simulated: false,
  credits: '',
  note: '',
  past: false,
});

/** One tap on a recent activity fills what was stated last time. */
export const withRecent = (draft: EntryDraft, recent: Recent): EntryDraft => ({
  ...draft,
  activities: recent.activities,
  unitId: recent.unitId ?? draft.unitId,
  autonomy: recent.autonomy,
  classified: recent.classified,
  quantity: String(recent.quantity),
});

/** A new draft with the content of another entry, on another day. */
export const likeEntry = (entry: EntryView, entryId: string, today: string): EntryDraft => ({
  ...draftOfEntry(entry),
  entryId,
  performedOn: today,
  periodFrom: null,
  periodTo: today,
  note: '',
});

/** A stored draft as the form shows it. */
export const draftOfEntry = (entry: EntryView): EntryDraft => ({
  entryId: entry.entryId,
  activities: entry.activities,
  performedOn: entry.period ? null : entry.performedFrom,
  periodFrom: entry.period ? entry.performedFrom : null,
  periodTo: entry.period ? entry.performedTo : null,
  unitId: entry.unitId ?? '',
  quantity: String(entry.quantity),
  autonomy: entry.autonomy,
  classified: entry.classified,
  simulated: entry.simulated,
  credits: entry.credits === null ? '' : String(entry.credits),
  note: entry.note,
  past: entry.kind === 'past',
});

export type Asked = {
  shape: 'act' | 'period' | 'credits';
  bulk: boolean;
  simulation: boolean;
  axes: readonly Activity['requires'][number][];
  autonomy: boolean;
};

/** What the chosen activities ask for: days or a period, a quantity, the classified fields of their requirements. */
export const askedBy = (activities: readonly Activity[]): Asked => {
  const kinds = new Set(activities.map(({ kind }) => kind));
  const shape = kinds.has('rotation') ? 'period' : kinds.has('credits') ? 'credits' : 'act';
  const axes = new Map<Axis, Activity['requires'][number]>();
  for (const { requires } of activities)
    for (const { axis, values } of requires) {
      const known = axes.get(axis)?.values ?? [];
      axes.set(axis, { axis, values: [...known, ...values.filter(({ value }) => known.every((other) => other.value !== value))] });
    }
  return {
    shape,
    bulk: activities.length > 0 && activities.every(({ bulk }) => bulk),
    simulation: activities.some(({ simulationAllowed }) => simulationAllowed),
    axes: [...axes.values()],
    autonomy: shape === 'act' && !isNonProfessional(activities),
  };
};
const isNonProfessional = (activities: readonly Activity[]): boolean =>
  activities.length > 0 && activities.every(({ feeds }) => feeds.length === 0);

/** What is missing before the draft can be sent, as field names of the form. */
export const missingIn = (draft: EntryDraft, asked: Asked): readonly string[] => {
  const acts = {
    act: !draft.performedOn && 'performedOn',
    credits: !draft.performedOn && 'performedOn',
    period: !draft.periodFrom && 'periodFrom',
  }[asked.shape];
  const checks = [
    draft.activities.length === 0 && 'activities',
    acts,
    asked.shape === 'period' && !draft.periodTo && 'periodTo',
    asked.shape === 'credits' && !(numberOf(draft.credits) > 0) && 'credits',
    !(Number.isInteger(numberOf(draft.quantity)) && numberOf(draft.quantity) >= 1) && 'quantity',
    ...asked.axes.map(({ axis }) => !draft.classified[axis] && `classified.${axis}`),
  ];
  return checks.filter((field) => typeof field === 'string');
};

const numberOf = (text: string): number => Number(text.trim().replace(',', '.'));

/** The draft as the API takes it. */
export const contentOf = (draft: EntryDraft, activities: readonly Activity[]): EntryContent => {
  const asked = askedBy(activities);
  const period = asked.shape === 'period';
  const stated = asked.axes.map(({ axis }) => axis);
  return {
    kind: draft.past ? 'past' : isNonProfessional(activities) ? 'non-professional' : 'professional',
    activities: [...draft.activities],
    performedOn: period ? null : draft.performedOn,
    periodFrom: period ? draft.periodFrom : null,
    periodTo: period ? draft.periodTo : null,
    unitId: draft.unitId || null,
    quantity: asked.shape === 'act' ? numberOf(draft.quantity) : 1,
    autonomy: asked.autonomy ? draft.autonomy : null,
    classified: Object.fromEntries(Object.entries(draft.classified).filter(([axis, value]) => value && stated.includes(axis as Axis))),
    simulated: asked.simulation && draft.simulated,
    credits: asked.shape === 'credits' ? numberOf(draft.credits) : null,
    note: draft.note,
  };
};

/** Nothing worth keeping has been typed yet. */
export const isUntouched = (draft: EntryDraft): boolean => draft.activities.length === 0 && draft.note === '';
