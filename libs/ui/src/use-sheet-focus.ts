import { useEffect, useRef, type RefObject } from 'react';

const FIELDS = 'input:not([type="hidden"], [type="file"]):enabled, select:enabled, textarea:enabled';
const QUIET_MS = 1_000;
let closedAt = -QUIET_MS;

/** For keys of a page: a sheet is open, or was a moment ago, when who still types into it may not have seen that it closed. */
export const isSheetNear = (): boolean => document.querySelector('dialog[open]') !== null || performance.now() - closedAt < QUIET_MS;

/**
 * Opens the dialog with the focus in its first field, on the heading where it has none (never on a button that a space would press), and gives it back
 * to where it came from.
 */
export const useSheetFocus = (dialog: RefObject<HTMLDialogElement | null>, open: boolean): void => {
  const opener = useRef<Element>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!open || !element) return;
    opener.current = document.activeElement;
    if (!element.open) element.showModal();
    const first = element.querySelector<HTMLElement>(`.at-dialog__body :is(${FIELDS})`) ?? element.querySelector('h2');
    first?.focus();
    return () => {
      closedAt = performance.now();
      if (element.open) {
        element.dataset['closed'] = 'here';
        element.close();
      }
      const back = opener.current;
      if (back instanceof HTMLElement && back.isConnected) back.focus();
    };
  }, [dialog, open]);
};

/** True once where the page itself closed the dialog, of which it need not be told. */
export const wasClosedHere = (element: HTMLDialogElement): boolean => {
  const here = element.dataset['closed'] === 'here';
  delete element.dataset['closed'];
  return here;
};

/** Whether somebody has typed words into the dialog that would be lost with it. */
export const hasTypedWords = (dialog: HTMLDialogElement | null): boolean =>
  [...(dialog?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input[type="text"]') ?? [])].some(
    (field) => field.dataset['typed'] === 'true' && field.value.trim() !== '',
  );
