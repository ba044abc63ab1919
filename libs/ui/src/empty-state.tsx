import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';
import { useUiTexts } from './texts.js';

/** Nothing here yet: why, and the act that fills it. */
export const EmptyState = ({
  icon = 'info',
  title,
  children,
  act,
}: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  act?: ReactNode;
}) => (
  <div className="at-empty">
    <Icon name={icon} />
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {act}
  </div>
);

/** The shape of what is coming; unseen during the first 300 ms. */
export const Skeleton = ({ rows = 4 }: { rows?: number }) => {
  const texts = useUiTexts();
  return (
    <div className="at-skeleton" role="status">
      <b className="visually-hidden">{texts.loading}</b>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  );
};

export type NoteLook = 'info' | 'positive' | 'caution' | 'danger';
const icons: Record<NoteLook, IconName> = { info: 'info', positive: 'check', caution: 'warning', danger: 'warning' };
/** A remark that stays on the page. */
export const Note = ({ look = 'info', children }: { look?: NoteLook; children: ReactNode }) => (
  <div className={look === 'info' ? 'at-note' : `at-note at-note--${look}`}>
    <Icon name={icons[look]} />
    <div>{children}</div>
  </div>
);
