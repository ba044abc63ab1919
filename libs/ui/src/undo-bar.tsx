import { useEffect, useState, type ReactNode } from 'react';
import { Button } from './button.js';
import { useUiTexts } from './texts.js';

type UndoBarProps = {
  children: ReactNode;
  /** ISO instant after which nothing can be undone */ until: string;
  pending?: boolean;
  onUndo: () => void;
  onExpire: () => void;
};

/** What was just done, and «undo» for as long as it can be. */
export const UndoBar = ({ children, until, pending, onUndo, onExpire }: UndoBarProps) => {
  const texts = useUiTexts();
  const left = () => Math.max(0, Date.parse(until) - Date.now());
  const [milliseconds, setMilliseconds] = useState(left);
  useEffect(() => {
    const timer = setInterval(() => (left() === 0 ? onExpire() : setMilliseconds(left())), 15_000);
    return () => clearInterval(timer);
  });
  return (
    <div className="at-undo">
      <span role="status">{children}</span>
      <span className="at-row">
        <span className="at-small">{texts.minutesLeft(Math.ceil(milliseconds / 60_000))}</span>
        <Button look="outline" small icon="undo" pending={pending} onClick={onUndo}>
          {texts.undo}
        </Button>
      </span>
    </div>
  );
};
