import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The colours of the page, by the contrast of WCAG 2. */

const STYLE = readFileSync(new URL('../../report/page/style.css', import.meta.url), 'utf8');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** For text, and for what is no text: success criteria 1.4.3 and 1.4.11. */
const TEXT = 4.5;
const SHAPE = 3;

const LINEAR_UP_TO = 0.04045;

function colour(name: string, theme: Theme): string {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(STYLE) ?? [];
  return { light, dark }[theme] ?? `There is no colour ${name}.`;
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= LINEAR_UP_TO ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [dark = 0, light = 0] = [one, other].map((name) => luminance(colour(name, theme))).toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(THEMES)('The colours of the %s theme', (theme) => {
  it.each(['ink', 'soft', 'link', 'good', 'bad'])('let the text in %s be read', (name) => {
    for (const behind of ['panel', 'ground']) {
      expect(contrast(name, behind, theme)).toBeGreaterThanOrEqual(TEXT);
    }
  });

  it.each(['live', 'deletable', 'quarantined', 'other', 'edge'])('let the shapes in %s be seen', (name) => {
    expect(contrast(name, 'panel', theme)).toBeGreaterThanOrEqual(SHAPE);
  });

  it('stand out the more, the sooner the bytes may go', () => {
    const byImportance = ['deletable', 'quarantined', 'live', 'other'];

    const contrasts = byImportance.map((name) => contrast(name, 'panel', theme));

    expect(contrasts).toEqual(contrasts.toSorted((a, b) => b - a));
    // What may go and what stays must not be taken for one another by lightness alone.
    expect(contrast('deletable', 'live', theme)).toBeGreaterThanOrEqual(1.5);
  });
});
