import { isSheetNear } from '@ateneo/ui';
import { useEffect, useRef, useState } from 'react';

const kept = 'ateneo.keys-off';

/** Single-letter keys can be turned off (WCAG 2.1.4); the choice stays in this browser. */
export const useKeysOn = (): [boolean, (on: boolean) => void] => {
  const [on, setOn] = useState(() => localStorage.getItem(kept) === null);
  const change = (next: boolean) => {
    if (next) localStorage.removeItem(kept);
    else localStorage.setItem(kept, 'true');
    setOn(next);
  };
  return [on, change];
};

const types = (element: Element | null): boolean =>
  element instanceof HTMLTextAreaElement ||
  element instanceof HTMLSelectElement ||
  (element instanceof HTMLInputElement && element.type !== 'checkbox');

/** Keys of the page, by the letter pressed; silent while someone types, while a sheet is open and for a second after it, and together with Ctrl, Alt or Meta. */
export const useKeys = (acts: Readonly<Record<string, (event: KeyboardEvent) => void>>, on: boolean) => {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || types(document.activeElement) || isSheetNear()) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [on]);
};
