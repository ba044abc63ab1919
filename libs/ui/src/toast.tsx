import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { IconButton } from './button.js';
import { useUiTexts } from './texts.js';

export type Toast = { text: ReactNode; act?: ReactNode; look?: 'positive' | 'danger' };
type Shown = Toast & { key: number };
const stay = 9_000;
const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** Holds the toasts: said politely, gone after a while unless a pointer or the focus rests on them. */
export const ToastProvider = ({ children }: { children: ReactNode }) => {
  const [toasts, setToasts] = useState<Shown[]>([]);
  const show = useCallback((toast: Toast) => setToasts((now) => [...now.slice(-2), { ...toast, key: (now.at(-1)?.key ?? 0) + 1 }]), []);
  const dismiss = useCallback((key: number) => setToasts((now) => now.filter((toast) => toast.key !== key)), []);
  const list = useMemo(() => toasts.map((toast) => <ToastItem key={toast.key} toast={toast} onDismiss={dismiss} />), [toasts, dismiss]);
  const holder = typeof document === 'undefined' ? null : document.getElementById('toasts');
  return (
    <ToastContext value={show}>
      {children}
      {holder &&
        createPortal(
          <div className="at-toasts" role="status">
            {list}
          </div>,
          holder,
        )}
    </ToastContext>
  );
};

const ToastItem = ({ toast, onDismiss }: { toast: Shown; onDismiss: (key: number) => void }) => {
  const texts = useUiTexts();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => onDismiss(toast.key), stay);
    return () => clearTimeout(timer);
  }, [held, toast.key, onDismiss]);
  const hold = (value: boolean) => () => setHeld(value);
  return (
    <div
      className={toast.look === 'danger' ? 'at-toast at-toast--danger' : 'at-toast'}
      onPointerEnter={hold(true)}
      onPointerLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      <div className="at-toast__text">{toast.text}</div>
      {toast.act}
      <IconButton icon="close" small label={texts.dismiss} onClick={() => onDismiss(toast.key)} />
    </div>
  );
};

/** Shows a toast: `toast({ text, act })`. */
export const useToast = (): ((toast: Toast) => void) => use(ToastContext);
