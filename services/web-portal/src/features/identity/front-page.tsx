import { buttonClass, Icon, type IconName } from '@ateneo/ui';
import { Link } from 'react-router';
import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';
import { Page } from '../../shell/page.js';
import { signInAddress } from '../../shell/signed-in.js';
import { useKnownViewer } from '../../shell/viewer.js';
import { DemoPeople } from './demo-people.js';

const reasons = [
  { key: 'log', icon: 'edit' },
  { key: 'sign', icon: 'check' },
  { key: 'prove', icon: 'shield' },
] as const satisfies readonly { key: string; icon: IconName }[];

/** `/`: what Ateneo is, and the way in. */
export const Component = () => {
  const { t } = useLanguage();
  const known = useKnownViewer();
  const { data } = useAsk('identity.list-demo-people', {}, { staleTime: 10 * 60_000 });
  const people = data?.people ?? [];
  return (
    <Page
      title={t('front.title')}
      lead={t('front.lead')}
      acts={
        known.is === 'person' ? (
          <Link to="/home" className={buttonClass({ look: 'primary' })}>
            {t('front.go-home')}
          </Link>
        ) : (
          <a href={signInAddress('/home')} className={buttonClass({ look: people.length > 0 ? 'outline' : 'primary' })}>
            {t('sign-in.act')}
          </a>
        )
      }
    >
      <div className="at-stack at-stack--wide">
        {people.length > 0 && <DemoPeople people={people} />}
        <ul className="at-grid">
          {reasons.map(({ key, icon }) => (
            <li key={key} className="at-card at-stack at-stack--tight">
              <h2 className="at-row at-row--whole">
                <Icon name={icon} /> {t(`front.${key}`)}
              </h2>
              <p>{t(`front.${key}-how`)}</p>
            </li>
          ))}
        </ul>
        <p>
          {t('front.verify')} <Link to="/verify">{t('front.verify-act')}</Link>
        </p>
      </div>
    </Page>
  );
};
