import { AXES, type Axis } from '@ateneo/contracts';

export type Classified = { readonly [A in Axis]?: string };
/** What was done, without quantity, day and state: all that a requirement asks of an entry. One object per distinct shape in the process. */
export type Shape = {
  readonly key: string;
  readonly activities: readonly string[];
  readonly classified: Classified;
  readonly autonomy: string | null;
  readonly simulated: boolean;
  readonly period: boolean;
  /** the target of a cross credit; only a validated entry has one */
  readonly creditedTo: string | null;
};
export const NOT_STATED = 'not-stated';

const separator = '\u001f';
const keyOf = (it: Omit<Shape, 'key'>): string => {
  let key = it.activities.length === 1 ? (it.activities[0] as string) : it.activities.join('\u001e');
  key +=
    separator + (it.autonomy ?? '') + separator + (it.simulated ? '1' : '0') + (it.period ? '1' : '0') + separator + (it.creditedTo ?? '');
  for (const axis of AXES) key += separator + (it.classified[axis] ?? '');
  return key;
};

const shapes = new Map<string, Shape>();
/** The one object for this shape; unbounded by design: as many as distinct ways of filling the form. */
export const shapeOf = (it: Omit<Shape, 'key'>): Shape => {
  const key = keyOf(it);
  const known = shapes.get(key);
  if (known) return known;
  const shape: Shape = {
    key,
    activities: [...it.activities],
    classified: { ...it.classified },
    autonomy: it.autonomy,
    simulated: it.simulated,
    period: it.period,
    creditedTo: it.creditedTo,
  };
  shapes.set(key, shape);
  return shape;
};
/** Reads back a key, so that chunks hold texts and no numbers of another process. */
export const shapeFromKey = (key: string): Shape => {
  const known = shapes.get(key);
  if (known) return known;
  const [activities = '', autonomy = '', flags = '', creditedTo = '', ...values] = key.split(separator);
  const classified: { [A in Axis]?: string } = {};
  AXES.forEach((axis, index) => {
    if (values[index]) classified[axis] = values[index];
  });
  return shapeOf({
    activities: activities.split('\u001e'),
    classified,
    autonomy: autonomy || null,
    simulated: flags[0] === '1',
    period: flags[1] === '1',
    creditedTo: creditedTo || null,
  });
};
