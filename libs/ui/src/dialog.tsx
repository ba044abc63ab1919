import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Button, IconButton, type ButtonLook } from './button.js';
import { useUiTexts } from './texts.js';

type DialogProps = { open: boolean; title: string; onClose: () => void; children: ReactNode; foot?: ReactNode; wide?: boolean };

/** A modal dialog (a sheet from below on a phone): focus stays inside and goes back where it was, Escape closes. */
export const Dialog = ({ open, title, onClose, children, foot, wide }: DialogProps) => {
  const texts = useUiTexts();
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'at-dialog at-dialog--wide' : 'at-dialog'}
      aria-labelledby={heading}
      onClose={() => open && onClose()}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {open && (
        <>
          <div className="at-dialog__head">
            <h2 id={heading}>{title}</h2>
            <IconButton icon="close" small label={texts.close} onClick={onClose} />
          </div>
          <div className="at-dialog__body">{children}</div>
          {foot && <div className="at-dialog__foot">{foot}</div>}
        </>
      )}
    </dialog>
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
    <Dialog {...dialog} foot={foot}>
      {children}
    </Dialog>
  );
};
