import { createContext, use, type ReactNode } from 'react';

/** The few words that components say by themselves, in the language of the page. */
export type UiTexts = {
  locale: string;
  close: string;
  cancel: string;
  optional: string;
  today: string;
  yesterday: string;
  openCalendar: string;
  dayFormat: string;
  dayNotUnderstood: string;
  showDefinition: (name: string) => string;
  results: (n: number) => string;
  noResults: (text: string) => string;
  errorSummary: (n: number) => string;
  correlation: string;
  copy: string;
  copied: string;
  loading: string;
  undo: string;
  minutesLeft: (n: number) => string;
  provisional: string;
  definitive: string;
  minimum: string;
  asTable: string;
  live: string;
  notLive: string;
  selectRow: (name: string) => string;
  selectAll: string;
  previousPage: string;
  nextPage: string;
  pageOf: (page: number, pages: number) => string;
  dismiss: string;
  typedIsLost: string;
  closeAnyway: string;
  keepWriting: string;
};

const Texts = createContext<UiTexts | undefined>(undefined);

/** Gives the components their words. */
export const UiTextsProvider = ({ texts, children }: { texts: UiTexts; children: ReactNode }) => <Texts value={texts}>{children}</Texts>;

/** The words of the components; throws outside a provider. */
export const useUiTexts = (): UiTexts => {
  const texts = use(Texts);
  if (!texts) throw new Error('UiTextsProvider is missing');
  return texts;
};
