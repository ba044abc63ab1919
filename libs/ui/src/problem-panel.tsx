import { useState, type ReactNode } from 'react';
import { Button } from './button.js';
import { Note } from './empty-state.js';
import { useUiTexts } from './texts.js';

type ProblemPanelProps = { title: string; what: ReactNode; /** what the person can do now */ act?: ReactNode; correlationId?: string };

/** What went wrong, why, what to do, and the id to give to whoever helps. */
export const ProblemPanel = ({ title, what, act, correlationId }: ProblemPanelProps) => {
  const texts = useUiTexts();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(correlationId ?? '');
    setCopied(true);
  };
  return (
    <div role="alert">
      <Note look="danger">
        <div className="at-stack at-stack--tight">
          <strong>{title}</strong>
          <p>{what}</p>
          {act && <div className="at-row">{act}</div>}
          {correlationId && (
            <div className="at-row">
              <span className="at-small at-soft">
                {texts.correlation} <span className="at-copy">{correlationId}</span>
              </span>
              <Button small icon="copy" onClick={copy}>
                {copied ? texts.copied : texts.copy}
              </Button>
            </div>
          )}
        </div>
      </Note>
    </div>
  );
};
