import { type Child, el } from './dom.ts';

export type Mood = 'good' | 'bad' | 'plain';

/** A link to another section of the page. */
export function jump(section: string, text: string): HTMLElement {
  return el('a', { href: `#${section}`, class: 'jump' }, text);
}

/** One question and its answer, at the top of the page. */
export function card(question: string, answer: Child, mood: Mood, ...more: readonly Child[]): HTMLElement {
  const sign = { good: '✓', bad: '!', plain: '' }[mood];
  return el(
    'section',
    { class: `card ${mood}` },
    el('h2', {}, question),
    el(
      'p',
      { class: 'answer' },
      sign === '' ? null : el('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      answer,
    ),
    more.map((text) => (text === null ? null : el('p', {}, text))),
  );
}
