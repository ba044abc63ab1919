import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from './api/hooks.js';
import { LanguageProvider } from './i18n/language.js';
import type { Locale, Messages } from './i18n/messages.js';
import { router } from './routes.js';

export const App = ({ first }: { first: { locale: Locale; messages: Messages } }) => (
  <QueryClientProvider client={queryClient}>
    <LanguageProvider first={first}>
      <RouterProvider router={router} />
    </LanguageProvider>
  </QueryClientProvider>
);
