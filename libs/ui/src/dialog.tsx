import { useId, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { Button, IconButton, type ButtonLook } from './button.js';
import { useUiTexts } from './texts.js';
import { hasTypedWords, useSheetFocus, wasClosedHere } from './use-sheet-focus.js';

type DialogProps = {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
  wide?: boolean;
  /** Ctrl+Enter (Cmd+Enter) anywhere in it. */
  onAct?: (() => void) | undefined;
};

const markTyped = (event: FormEvent<HTMLDialogElement>) => {
  if (event.target instanceof HTMLElement) event.target.dataset['typed'] = 'true';
};

/**
 * A modal dialog (a sheet from below on a phone). The focus begins in its first field, stays inside and goes back where it was; Escape and the cross close,
 * and ask first where words were typed.
 */
export const Dialog = ({ open, title, onClose, children, foot, wide, onAct }: DialogProps) => {
  const texts = useUiTexts();
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [asks, setAsks] = useState(false);
  useSheetFocus(dialog, open);
  const leave = () => {
    setAsks(false);
    onClose();
  };
  const askOrLeave = () => (hasTypedWords(dialog.current) && !asks ? setAsks(true) : leave());
  const act = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !onAct) return;
    event.preventDefault();
    onAct();
  };
  return (
    <dialog
      ref={dialog}
      className={wide ? 'at-dialog at-dialog--wide' : 'at-dialog'}
      aria-labelledby={heading}
      onInput={markTyped}
      onKeyDown={act}
      onClose={({ currentTarget }) => !wasClosedHere(currentTarget) && open && leave()}
      onCancel={(event) => {
        event.preventDefault();
        askOrLeave();
      }}
    >
      {open && (
        <>
          <div className="at-dialog__head">
            <h2 id={heading} tabIndex={-1}>
              {title}
            </h2>
            <IconButton icon="close" small label={texts.close} onClick={askOrLeave} />
          </div>
          <div className="at-dialog__body">{children}</div>
          {asks && <LeaveBar onStay={() => setAsks(false)} onLeave={leave} />}
          {foot && !asks && <div className="at-dialog__foot">{foot}</div>}
        </>
      )}
    </dialog>
  );
};

/** In the place of the acts: what was typed is about to be lost. */
const LeaveBar = ({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) => {
  const texts = useUiTexts();
  return (
    <div className="at-dialog__foot at-dialog__foot--asks" role="alertdialog" aria-label={texts.typedIsLost}>
      <p>{texts.typedIsLost}</p>
      <Button onClick={onLeave}>{texts.closeAnyway}</Button>
      <Button look="primary" autoFocus onClick={onStay}>
        {texts.keepWriting}
      </Button>
    </div>
  );
};

type ConfirmSheetProps = {
  open: boolean;
  title: string;
  /** the verb of the act, never «OK» */ act: string;
  look?: ButtonLook;
  pending?: boolean;
  disabled?: boolean;
  wide?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** Says the consequences first; then one button with the verb of the act. */
export const ConfirmSheet = ({ act, look = 'primary', pending, disabled, onConfirm, children, ...dialog }: ConfirmSheetProps) => {
  const texts = useUiTexts();
  const foot = (
    <>
      <Button onClick={dialog.onClose}>{texts.cancel}</Button>
      <Button look={look} pending={pending} disabled={disabled} onClick={onConfirm}>
        {act}
      </Button>
    </>
  );
  return (
    <Dialog {...dialog} foot={foot} onAct={pending || disabled ? undefined : onConfirm}>
      {children}
    </Dialog>
  );
};
