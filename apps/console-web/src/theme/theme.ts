export type Theme = 'system' | 'light' | 'dark';

const KEY = 'backup-awareness.theme';
export const DARK_CLASS = 'pf-v6-theme-dark';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** What this browser's user has chosen; the system's choice by default. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.classList.toggle(DARK_CLASS, isDark);
}

systemIsDark.addEventListener('change', () => applyTheme(chosenTheme()));
