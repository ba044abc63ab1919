import { useUiTexts } from './texts.js';

const share = (value: number, of: number): string => `${Math.min(100, Math.max(0, (value / of) * 100))}%`;

/** Definitive (above) and provisional (below) on one track, the minimum as a mark; a picture of figures that stand beside it in words. */
export const ProgressPair = ({ definitive, provisional, minimum }: { definitive: number; provisional: number; minimum: number }) => {
  const end = Math.max(minimum, definitive, provisional, 1);
  return (
    <div className="at-progress" aria-hidden="true">
      <div className="at-progress__track">
        <span className="at-progress__bar at-progress__bar--definitive" style={{ width: share(definitive, end) }} />
        <span className="at-progress__bar at-progress__bar--provisional" style={{ width: share(provisional, end) }} />
      </div>
      <span className="at-progress__minimum" style={{ left: share(minimum, end) }} />
    </div>
  );
};

export const ProgressLegend = () => {
  const texts = useUiTexts();
  return (
    <ul className="at-legend">
      {(['definitive', 'provisional', 'minimum'] as const).map((key) => (
        <li key={key}>
          <span className={`at-legend__swatch at-legend__swatch--${key}`} />
          {texts[key]}
        </li>
      ))}
    </ul>
  );
};

export type LevelShare = { key: string; name: string; n: number; /** place on the scale, from 1; none = not stated */ rank: number | null };

/** A number split by level of autonomy: small segments and their legend with the figures. */
export const LevelSplit = ({ levels, format }: { levels: readonly LevelShare[]; format: (n: number) => string }) => {
  const shown = levels.filter((level) => level.n > 0);
  const total = shown.reduce((sum, level) => sum + level.n, 0);
  const swatch = (level: LevelShare) => `at-level--${level.rank ?? 'none'}`;
  return (
    <div className="at-stack at-stack--tight">
      <div className="at-levels" aria-hidden="true">
        {shown.map((level) => (
          <span key={level.key} className={swatch(level)} style={{ width: share(level.n, total) }} />
        ))}
      </div>
      <ul className="at-legend">
        {levels.map((level) => (
          <li key={level.key}>
            <span className={`at-legend__swatch ${swatch(level)}`} />
            {level.name} <strong className="at-numbers">{format(level.n)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
};
