import { Icon, LanguageSwitch, ProfileSwitch, ThemeSwitch, ToastProvider } from '@ateneo/ui';
import { useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigate } from 'react-router';
import { useAct } from '../api/hooks.js';
import { useLanguage } from '../i18n/language.js';
import type { Locale } from '../i18n/messages.js';
import { placesOf } from './places.js';
import { SessionEndDialog } from './session-end-dialog.js';
import { useTheme } from './theme.js';
import { useKnownViewer, ViewerProvider, type Viewer } from './viewer.js';
import { useSchoolName, useUniversity } from '../features/school/university.js';

/** Frame of every page: who and where you are above, the places of your role, the page, the foot. */
export const Layout = () => (
  <ViewerProvider>
    <ToastProvider>
      <Frame />
    </ToastProvider>
  </ViewerProvider>
);

const Frame = () => {
  const { t } = useLanguage();
  const known = useKnownViewer();
  useFocusOnArrival();
  const viewer = known.is === 'person' ? known.viewer : undefined;
  return (
    <div className={viewer ? 'at-app at-app--signed-in' : 'at-app'}>
      <a className="at-skip" href="#content">
        {t('shell.skip')}
      </a>
      <Header viewer={viewer} />
      <main className="at-main at-wrap" id="content" tabIndex={-1}>
        {known.is !== 'loading' && <Outlet />}
      </main>
      <Footer />
      <SessionEndDialog />
      <ScrollRestoration />
    </div>
  );
};

/** A new page takes the focus to its heading, so that it is read out and Tab starts there. */
const useFocusOnArrival = () => {
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);
};

const Header = ({ viewer }: { viewer: Viewer | undefined }) => {
  const { t, format } = useLanguage();
  const { data: university } = useUniversity();
  const schoolName = useSchoolName();
  const school = schoolName(viewer?.schoolId);
  return (
    <header className="at-header">
      <div className="at-header__slim">
        <div className="at-wrap">
          <span className="at-header__tenant">{university?.name ? format.local(university.name) : t('shell.university')}</span>
          <Tools viewer={viewer} />
        </div>
      </div>
      <div className="at-header__main">
        <div className="at-wrap">
          <Link to={viewer ? '/home' : '/'} className="at-brand">
            <img className="at-brand__mark" src="/ateneo.svg" alt="" width="36" height="36" />
            <span>
              <span className="at-brand__name">{t('shell.name')}</span>
              <span className="at-brand__school">{school ?? t('shell.claim')}</span>
            </span>
          </Link>
          {viewer && <Person viewer={viewer} />}
        </div>
      </div>
      {viewer && <Navigation viewer={viewer} />}
    </header>
  );
};

const Tools = ({ viewer }: { viewer: Viewer | undefined }) => {
  const { t, locale, change } = useLanguage();
  const { dark, choose } = useTheme();
  const keepLanguage = useAct('identity.change-my-language');
  const speak = (value: string) => {
    change(value as Locale);
    if (viewer) keepLanguage.mutate({ locale: value as Locale });
  };
  const languages = [
    { value: 'it', label: t('shell.italian'), lang: 'it' },
    { value: 'en', label: t('shell.english'), lang: 'en' },
  ];
  return (
    <div className="at-header__tools">
      <LanguageSwitch label={t('shell.language')} options={languages} value={locale} onChange={speak} />
      <ThemeSwitch dark={dark} label={t(dark ? 'shell.light-theme' : 'shell.dark-theme')} onChange={choose} />
    </div>
  );
};

const Person = ({ viewer }: { viewer: Viewer }) => {
  const { t } = useLanguage();
  const schoolName = useSchoolName();
  const navigate = useNavigate();
  const options = viewer.profiles.map(({ profileId, role, schoolId }) => ({
    value: profileId,
    label: [t(`role.${role}`), schoolName(schoolId)].filter(Boolean).join(' · '),
  }));
  const choose = (profileId: string) => {
    viewer.choose(profileId);
    void navigate('/home');
  };
  return (
    <div className="at-header__person">
      <ProfileSwitch label={t('shell.profile')} options={options} value={viewer.profile?.profileId ?? ''} onChange={choose} />
      <Link
        to="/me"
        className="at-btn at-btn--small"
        aria-label={t('shell.me', { name: `${viewer.me.givenName} ${viewer.me.familyName}` })}
      >
        <Icon name="person" />
        <span className="at-header__name">
          {viewer.me.givenName} {viewer.me.familyName}
        </span>
      </Link>
    </div>
  );
};

const Navigation = ({ viewer }: { viewer: Viewer }) => {
  const { t } = useLanguage();
  const places = placesOf({ role: viewer.role, personId: viewer.me.personId, schoolId: viewer.schoolId });
  return (
    <nav className="at-nav" aria-label={t('shell.places')}>
      <ul className="at-wrap">
        {places.map((place) => (
          <li key={place.to}>
            <NavLink to={place.to} end={place.exact}>
              <Icon name={place.icon} />
              {t(place.label)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
};

const Footer = () => {
  const { t } = useLanguage();
  return (
    <footer className="at-footer">
      <div className="at-wrap">
        <span>{t('shell.footer')}</span>
        <Link to="/verify">{t('shell.verify-document')}</Link>
      </div>
    </footer>
  );
};
