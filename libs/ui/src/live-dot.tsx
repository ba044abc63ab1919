import { useUiTexts } from './texts.js';

/** Does the page follow what happens right now? In words too. */
export const LiveDot = ({ on }: { on: boolean }) => {
  const texts = useUiTexts();
  return (
    <span className={on ? 'at-live at-live--on' : 'at-live'}>
      <span className="at-live__dot" />
      {on ? texts.live : texts.notLive}
    </span>
  );
};
