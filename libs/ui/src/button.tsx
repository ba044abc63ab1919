import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export type ButtonLook = 'primary' | 'outline' | 'plain' | 'danger';
type Look = { look?: ButtonLook; small?: boolean; block?: boolean; icon?: IconName };

/** Class names of a button, for links that look like one. */
export const buttonClass = ({ look = 'plain', small, block, iconOnly }: Look & { iconOnly?: boolean }): string =>
  ['at-btn', look !== 'plain' && `at-btn--${look}`, small && 'at-btn--small', block && 'at-btn--block', iconOnly && 'at-btn--icon']
    .filter(Boolean)
    .join(' ');

type ButtonProps = Look & { pending?: boolean; children: ReactNode } & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'>;

/** A button says its verb; while `pending` it stays focusable and ignores presses. */
export const Button = ({ look, small, block, icon, pending, children, onClick, type = 'button', ...rest }: ButtonProps) => (
  <button
    {...rest}
    type={type}
    className={buttonClass({ look, small, block })}
    aria-disabled={pending || undefined}
    data-pending={pending || undefined}
    onClick={(event) => (pending ? event.preventDefault() : onClick?.(event))}
  >
    {icon && !pending && <Icon name={icon} />}
    {children}
  </button>
);

type IconButtonProps = { icon: IconName; label: string; filled?: boolean; small?: boolean; look?: ButtonLook } & Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'className' | 'children' | 'aria-label'
>;

/** A button with a sign only; its name is spoken and shown on hover. */
export const IconButton = ({ icon, label, filled, small, look, type = 'button', ...rest }: IconButtonProps) => (
  <button {...rest} type={type} className={buttonClass({ look, small, iconOnly: true })} aria-label={label} title={label}>
    <Icon name={icon} filled={filled} />
  </button>
);
