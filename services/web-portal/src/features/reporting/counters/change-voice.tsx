import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../../i18n/language.js';
import type { Counters } from './requirement-state.js';

const figures = (counters: Counters) =>
  new Map(counters.sets.flatMap(({ requirements }) => requirements).map((each) => [each.requirementId, each]));

/** Tells a screen reader, politely and once, which counters have moved. */
export const ChangeVoice = ({ counters }: { counters: Counters }) => {
  const { t, format } = useLanguage();
  const before = useRef<Counters | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const old = before.current && before.current.traineeId === counters.traineeId ? figures(before.current) : null;
    before.current = counters;
    if (!old) return;
    const moved = [...figures(counters).values()].filter((now) => {
      const then = old.get(now.requirementId);
      return then && (then.provisional.number !== now.provisional.number || then.definitive.number !== now.definitive.number);
    });
    if (moved.length > 0)
      setSaid(
        moved
          .map((now) =>
            t('counters.moved', {
              requirement: format.local(now.label),
              definitive: now.definitive.number,
              provisional: now.provisional.number,
            }),
          )
          .join('. '),
      );
  }, [counters, t, format]);
  return (
    <span className="visually-hidden" role="status">
      {said}
    </span>
  );
};
