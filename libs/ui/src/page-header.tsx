import type { ReactNode } from 'react';

/** The heading of a page: what it is, one line of help, the acts that belong to it. */
export const PageHeader = ({
  title,
  lead,
  back,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  back?: ReactNode;
  children?: ReactNode;
}) => (
  <div className="at-page-header">
    <div className="at-page-header__text">
      {back}
      <h1 tabIndex={-1}>{title}</h1>
      {lead && <p className="at-page-header__lead">{lead}</p>}
    </div>
    {children && <div className="at-row">{children}</div>}
  </div>
);
