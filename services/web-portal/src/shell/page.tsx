import { Icon, PageHeader } from '@ateneo/ui';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLanguage } from '../i18n/language.js';

type PageProps = {
  title: string;
  lead?: ReactNode;
  /** where «back» leads when the page is a step inside another */ back?: { to: string; label: string };
  acts?: ReactNode;
  children: ReactNode;
};

/** A page: its heading, its title in the browser's tab, its acts. */
export const Page = ({ title, lead, back, acts, children }: PageProps) => {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = t('shell.title', { page: title });
  }, [title, t]);
  return (
    <>
      <PageHeader title={title} lead={lead} back={back && <BackLink {...back} />}>
        {acts}
      </PageHeader>
      {children}
    </>
  );
};

const BackLink = ({ to, label }: { to: string; label: string }) => (
  <Link to={to} className="at-back">
    <Icon name="back" /> {label}
  </Link>
);
