const share = (value: number, of: number): string => `${Math.min(100, Math.max(0, (value / Math.max(of, 1)) * 100))}%`;

/** How far a task is; the sentence that goes with it stands beside. */
export const Meter = ({ label, value, max }: { label: string; value: number; max: number }) => (
  <div className="at-meter" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={max} aria-valuenow={value}>
    <span className="at-meter__bar" style={{ width: share(value, max) }} />
  </div>
);

export type CountPart = { key: string; n: number; look: 'soft' | 'provisional' | 'definitive' };

/** Counts of one row as segments, on the scale of the largest row; the figures stand beside in words. */
export const CountBar = ({ parts, most }: { parts: readonly CountPart[]; most: number }) => (
  <span className="at-count-bar" aria-hidden="true">
    {parts
      .filter(({ n }) => n > 0)
      .map(({ key, n, look }) => (
        <span key={key} className={`at-count-bar__part at-count-bar__part--${look}`} style={{ width: share(n, most) }} />
      ))}
  </span>
);
