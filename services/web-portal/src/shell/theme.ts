import { useState } from 'react';

const kept = 'ateneo.theme';
type Theme = 'light' | 'dark';
const keptTheme = (): Theme | null => {
  const theme = localStorage.getItem(kept);
  return theme === 'light' || theme === 'dark' ? theme : null;
};

/** Puts the kept theme on the document; without one the page follows the system. */
export const applyKeptTheme = (): void => {
  const theme = keptTheme();
  if (theme) document.documentElement.dataset.theme = theme;
};

export const useTheme = (): { dark: boolean; choose: (dark: boolean) => void } => {
  const [theme, setTheme] = useState(keptTheme);
  const dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const choose = (wanted: boolean) => {
    const next = wanted ? 'dark' : 'light';
    localStorage.setItem(kept, next);
    setTheme(next);
    applyKeptTheme();
  };
  return { dark, choose };
};
