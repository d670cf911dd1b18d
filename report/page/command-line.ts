import { el } from './dom.ts';
import { shown } from './format.ts';

/** A command with a button that copies it; without clipboard access it can be copied by hand. */
export function commandLine(text: string): HTMLElement {
  const code = el('code', { tabindex: 0 }, shown(text));
  const button = el(
    'button',
    {
      type: 'button',
      class: 'copy',
      'aria-label': `Copy: ${shown(text)}`,
      click: () => void copy(text, code, button),
    },
    'Copy',
  );
  return el('div', { class: 'command' }, code, button);
}

async function copy(text: string, code: HTMLElement, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1_500);
  } catch {
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
  }
}
