import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export type BadgeLook = 'neutral' | 'info' | 'positive' | 'caution' | 'danger';

/** A state in words; colour and sign only help. */
export const StateBadge = ({ look = 'neutral', icon, children }: { look?: BadgeLook; icon?: IconName; children: ReactNode }) => (
  <span className={look === 'neutral' ? 'at-badge' : `at-badge at-badge--${look}`}>
    {icon && <Icon name={icon} />}
    {children}
  </span>
);
