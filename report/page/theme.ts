import { el } from './dom.ts';

/** Light or dark: the setting of the reader's system, unless the reader chooses. */

const CHOICES = ['auto', 'light', 'dark'] as const;
const REMEMBERED = 'flink-steward-theme';

export function themeChoice(): HTMLElement {
  const chosen = remembered();
  const choice = el(
    'select',
    {
      id: 'theme',
      change: () => {
        apply(choice.value);
        remember(choice.value);
      },
    },
    CHOICES.map((name) => el('option', { value: name, selected: name === chosen }, name)),
  );
  apply(chosen);
  return el('div', { class: 'theme' }, el('label', { for: 'theme' }, 'Theme'), choice);
}

function apply(theme: string): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** A page that was opened from a file may have no local storage. */
function remembered(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(REMEMBERED, theme);
  } catch {
    // Then the choice applies only until the page is closed.
  }
}
