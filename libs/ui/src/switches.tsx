import { IconButton } from './button.js';

export type SwitchOption = { value: string; label: string; /** language of the label itself */ lang?: string };

/** The languages of the portal, each in its own words. */
export const LanguageSwitch = ({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly SwitchOption[];
  value: string;
  onChange: (value: string) => void;
}) => (
  <div className="at-languages" role="group" aria-label={label}>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        lang={option.lang}
        className="at-btn at-btn--small at-language"
        aria-pressed={option.value === value}
        onClick={() => onChange(option.value)}
      >
        <span className="at-language__name">{option.label}</span>
        <span className="at-language__code">{option.value.toUpperCase()}</span>
      </button>
    ))}
  </div>
);

/** Role and place of the person; shown only to whoever has several. */
export const ProfileSwitch = ({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly SwitchOption[];
  value: string;
  onChange: (value: string) => void;
}) =>
  options.length < 2 ? null : (
    <select className="at-select" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );

/** Light or dark; until someone chooses, the page follows the system. */
export const ThemeSwitch = ({ dark, label, onChange }: { dark: boolean; label: string; onChange: (dark: boolean) => void }) => (
  <IconButton icon={dark ? 'sun' : 'moon'} label={label} small onClick={() => onChange(!dark)} />
);
