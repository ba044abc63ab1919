import { Icon } from '@ateneo/ui';
import type { OutputOf } from '../../api/client.js';
import { useLanguage } from '../../i18n/language.js';
import { signInAddress } from '../../shell/signed-in.js';

type DemoPerson = OutputOf<'identity.list-demo-people'>['people'][number];

/** The demo people, grouped by role; one click signs in. */
export const DemoPeople = ({ people }: { people: readonly DemoPerson[] }) => {
  const { t, format } = useLanguage();
  const roles = [...new Set(people.map(({ role }) => role))];
  return (
    <section className="at-stack" aria-labelledby="demo-people">
      <div className="at-stack at-stack--tight">
        <h2 id="demo-people">{t('front.demo')}</h2>
        <p className="at-soft">{t('front.demo-how')}</p>
      </div>
      <div className="at-grid">
        {roles.map((role) => (
          <section key={role} className="at-card at-card--flush">
            <h3 className="at-group-title">{t(`role.${role}`)}</h3>
            <ul className="at-rows">
              {people
                .filter((person) => person.role === role)
                .map((person) => (
                  <li key={person.personId}>
                    <a className="at-rows__link" href={signInAddress('/home', person.username)}>
                      <span>
                        <span className="at-rows__title">{person.name}</span>
                        <span className="at-rows__note">{format.local(person.note)}</span>
                      </span>
                      <Icon name="person" />
                    </a>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
};
