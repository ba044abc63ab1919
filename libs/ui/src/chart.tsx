import { useUiTexts } from './texts.js';

export type ChartBar = { key: string; label: string; value: number };
type ChartProps = {
  title: string;
  bars: readonly ChartBar[];
  valueLabel: string;
  labelLabel: string;
  format: (n: number) => string;
  /** every how many bars a label is written */ labelEvery?: number;
};

const width = 640;
const height = 180;
const foot = 22;
const head = 14;

/** Columns in time with their table twin; the picture is for the eye only, the table for everyone. */
export const Chart = ({ title, bars, valueLabel, labelLabel, format, labelEvery = 1 }: ChartProps) => {
  const texts = useUiTexts();
  const top = Math.max(1, ...bars.map((bar) => bar.value));
  const step = width / Math.max(1, bars.length);
  const tall = height - foot - head;
  return (
    <figure className="at-stack at-stack--tight">
      <figcaption className="at-strong">{title}</figcaption>
      <svg className="at-chart" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
        <text x="0" y="10">
          {format(top)}
        </text>
        <line className="at-chart__axis" x1="0" x2={width} y1={head} y2={head} />
        <line className="at-chart__axis" x1="0" x2={width} y1={height - foot} y2={height - foot} />
        {bars.map((bar, index) => (
          <g key={bar.key}>
            <rect
              className="at-chart__bar"
              x={index * step + step * 0.15}
              width={step * 0.7}
              y={head + tall * (1 - bar.value / top)}
              height={tall * (bar.value / top)}
              rx="1.5"
            />
            {index % labelEvery === 0 && (
              <text x={index * step + step / 2} y={height - 6} textAnchor={index === 0 ? 'start' : 'middle'}>
                {bar.label}
              </text>
            )}
          </g>
        ))}
      </svg>
      <details>
        <summary>{texts.asTable}</summary>
        <table className="at-table at-table--dense">
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{labelLabel}</th>
              <th scope="col" className="at-table__number">
                {valueLabel}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.key}>
                <th scope="row">{bar.label}</th>
                <td className="at-table__number">{format(bar.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
};
