import { useLanguage } from '../../i18n/language.js';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago something was, seen from an instant of the platform's own clock: «3 ore». */
export const useSince = (now: string): ((at: string) => string) => {
  const { t } = useLanguage();
  return (at) => {
    const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1_000));
    if (seconds < minute) return t('system.seconds', { n: seconds });
    if (seconds < hour) return t('system.minutes', { n: Math.floor(seconds / minute) });
    if (seconds < 2 * day) return t('system.hours', { n: Math.floor(seconds / hour) });
    return t('system.days', { n: Math.floor(seconds / day) });
  };
};
