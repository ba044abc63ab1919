import { sentenceOf } from '@ateneo/contracts/problem-texts/sentence';
import { UiTextsProvider } from '@ateneo/ui';
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { formatter, type Format } from './format.js';
import { loadMessages } from './load-messages.js';
import { isMessageKey, translator, type Locale, type Messages, type Translate } from './messages.js';
import { uiTexts } from './ui-texts.js';

type Language = { locale: Locale; t: Translate; format: Format; messages: Messages; change: (locale: Locale) => void };
const LanguageContext = createContext<Language | undefined>(undefined);
const kept = 'ateneo.locale';

/** The language kept in this browser, else Italian unless the browser asks for another language. */
export const firstLocale = (): Locale => {
  const stored = localStorage.getItem(kept);
  if (stored === 'it' || stored === 'en') return stored;
  return navigator.language.toLowerCase().startsWith('it') ? 'it' : 'en';
};

export const LanguageProvider = ({ first, children }: { first: { locale: Locale; messages: Messages }; children: ReactNode }) => {
  const [{ locale, messages }, setCurrent] = useState(first);
  const change = useCallback((next: Locale) => {
    localStorage.setItem(kept, next);
    void loadMessages(next).then((loaded) => setCurrent({ locale: next, messages: loaded }));
  }, []);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const language = useMemo<Language>(
    () => ({ locale, messages, change, t: translator(locale, messages), format: formatter(locale) }),
    [locale, messages, change],
  );
  const texts = useMemo(() => uiTexts(language.t, locale), [language.t, locale]);
  return (
    <LanguageContext value={language}>
      <UiTextsProvider texts={texts}>{children}</UiTextsProvider>
    </LanguageContext>
  );
};

export const useLanguage = (): Language => {
  const language = use(LanguageContext);
  if (!language) throw new Error('LanguageProvider is missing');
  return language;
};

/** The sentence of a code in a family of messages (`refusal`, `state`…), with the values of a refusal where there are some, or what the server said. */
export const useCodeText = () => {
  const { t, messages, locale } = useLanguage();
  return useCallback(
    (family: string, code: string, otherwise?: string, values: Readonly<Record<string, unknown>> = {}): string => {
      const key = `${family}.${code}`;
      if (!isMessageKey(messages, key)) return otherwise ?? code;
      const message = messages[key];
      return family === 'refusal' && typeof message === 'string'
        ? sentenceOf(message, values, locale)
        : (t as (key: string) => string)(key);
    },
    [t, messages, locale],
  );
};
