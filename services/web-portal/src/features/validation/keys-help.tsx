import { CheckField, Dialog } from '@ateneo/ui';
import { useLanguage } from '../../i18n/language.js';

const rows = [
  { keys: ['J'], what: 'next' },
  { keys: ['K'], what: 'previous' },
  { keys: ['X', 'space'], what: 'select' },
  { keys: ['V'], what: 'validate' },
  { keys: ['R'], what: 'return' },
  { keys: ['O'], what: 'open' },
  { keys: ['?'], what: 'help' },
] as const;

/** The keys of the page, and the way to turn them off. */
export const KeysHelp = ({
  open,
  onClose,
  on,
  onChange,
}: {
  open: boolean;
  onClose: () => void;
  on: boolean;
  onChange: (on: boolean) => void;
}) => {
  const { t } = useLanguage();
  return (
    <Dialog open={open} title={t('keys.title')} onClose={onClose}>
      <div className="at-stack">
        <dl className="at-facts">
          {rows.map(({ keys, what }) => (
            <div key={what}>
              <dt className="at-row">
                {keys.map((key) => (
                  <kbd key={key} className="at-kbd">
                    {key === 'space' ? t('keys.space') : key}
                  </kbd>
                ))}
              </dt>
              <dd>{t(`keys.${what}`)}</dd>
            </div>
          ))}
        </dl>
        <CheckField label={t('keys.on')} checked={on} onChange={onChange} />
      </div>
    </Dialog>
  );
};
