import type { ReactNode } from 'react';

export type StoryStep = { key: string; what: ReactNode; who: ReactNode; when: ReactNode; quote?: ReactNode };

/** What happened, oldest first: who did what and when. */
export const Story = ({ steps }: { steps: readonly StoryStep[] }) => (
  <ol className="at-story">
    {steps.map((step) => (
      <li key={step.key}>
        <strong>{step.what}</strong>
        <div className="at-soft at-small">
          {step.who} · {step.when}
        </div>
        {step.quote && <div className="at-story__quote">{step.quote}</div>}
      </li>
    ))}
  </ol>
);
/** The same drawing for any list of moments. */
export const Timeline = Story;
