import 'bootstrap-italia/dist/css/bootstrap-italia.min.css';
import '@ateneo/ui/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { firstLocale } from './i18n/language.js';
import { loadMessages } from './i18n/load-messages.js';
import { applyKeptTheme } from './shell/theme.js';

applyKeptTheme();
const locale = firstLocale();
const messages = await loadMessages(locale);
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App first={{ locale, messages }} />
    </StrictMode>,
  );
