import { Button, ChoiceGroup, Form, StateBadge } from '@ateneo/ui';
import { useAct } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import type { Locale } from '../../i18n/messages.js';
import { Page } from '../../shell/page.js';
import { useViewer } from '../../shell/viewer.js';
import { useSchoolName } from '../school/university.js';

/** `/me`: what Ateneo knows of me, my language, my roles, the way out. */
export const Component = () => {
  const { t } = useLanguage();
  return (
    <Page title={t('me.title')}>
      <div className="at-split">
        <div className="at-stack">
          <MyData />
          <MyProfiles />
        </div>
        <MyLanguage />
      </div>
    </Page>
  );
};

/** Ends the session here and at the identity provider. */
const signOut = async () => {
  const answer: unknown = await fetch('/auth/sign-out', { method: 'POST', headers: { accept: 'application/json' } }).then((response) =>
    response.json(),
  );
  const next = typeof answer === 'object' && answer !== null && 'location' in answer ? String(answer.location) : '/';
  location.assign(next);
};

const MyData = () => {
  const { t } = useLanguage();
  const { me } = useViewer();
  return (
    <section className="at-card" aria-labelledby="my-data">
      <h2 id="my-data">{t('me.data')}</h2>
      <dl className="at-facts">
        <div>
          <dt>{t('me.name')}</dt>
          <dd>
            {me.givenName} {me.familyName}
          </dd>
        </div>
        <div>
          <dt>{t('me.email')}</dt>
          <dd>{me.email}</dd>
        </div>
        {me.staffNumber && (
          <div>
            <dt>{t('me.staff-number')}</dt>
            <dd>{me.staffNumber}</dd>
          </div>
        )}
      </dl>
      <div className="at-row at-spaced">
        <Button look="outline" onClick={() => void signOut()}>
          {t('me.sign-out')}
        </Button>
      </div>
    </section>
  );
};

const MyProfiles = () => {
  const { t, format } = useLanguage();
  const { profiles, profile } = useViewer();
  const schoolName = useSchoolName();
  return (
    <section className="at-card at-card--flush" aria-labelledby="my-profiles">
      <h2 id="my-profiles" className="at-group-title">
        {t('me.profiles')}
      </h2>
      <ul className="at-rows">
        {profiles.map((each) => (
          <li key={each.profileId} className="at-rows__link">
            <span>
              <span className="at-rows__title">{t(`role.${each.role}`)}</span>
              <span className="at-rows__note">
                {schoolName(each.schoolId) ?? t('me.whole-university')} ·{' '}
                {each.to ? format.period(each.from, each.to) : t('me.since', { day: format.day(each.from) })}
              </span>
            </span>
            {each.profileId === profile?.profileId && (
              <StateBadge look="info" icon="check">
                {t('me.in-use')}
              </StateBadge>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

const MyLanguage = () => {
  const { t, locale, change } = useLanguage();
  const keep = useAct('identity.change-my-language');
  const speak = (value: string) => {
    change(value as Locale);
    keep.mutate({ locale: value as Locale });
  };
  const choices = [
    { value: 'it', label: t('shell.italian') },
    { value: 'en', label: t('shell.english') },
  ];
  return (
    <section className="at-card">
      <Form onSubmit={() => undefined}>
        <ChoiceGroup
          name="locale"
          label={t('me.language')}
          hint={t('me.language-hint')}
          choices={choices}
          value={locale}
          onChange={speak}
        />
      </Form>
    </section>
  );
};
