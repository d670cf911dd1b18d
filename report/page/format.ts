import { bytes, count, money as plainMoney } from '#core/quantity.ts';

/** Numbers, times and names as the page shows them. */

export { count };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Decimal units, as S3 bills them: `1.2 GB`. The space does not break. */
export function size(amount: number): string {
  const told = bytes(Math.abs(amount)).replace(' ', '\u00a0');
  return amount < 0 ? `\u2212${told}` : told;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function percent(share: number): string {
  if (share === 0) return '0\u00a0%';
  if (share < 0.001) return '<\u200a0.1\u00a0%';
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)}\u00a0%`;
}

/** In its largest unit of which there are two at least: `12 d`, `3 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 0) return 'in the future';
  const [length, unit] =
    (
      [
        [DAY, 'd'],
        [HOUR, 'h'],
        [MINUTE, 'min'],
      ] as const
    ).find(([smallest]) => milliseconds >= 2 * smallest) ?? ([1000, 's'] as const);
  return `${number(Math.floor(milliseconds / length))}\u00a0${unit}`;
}

/** An age, as a person says it. */
export function ago(milliseconds: number): string {
  return milliseconds < 0 ? 'in the future' : `${duration(milliseconds)} ago`;
}

/** A bound of ages as its rule says it: `6 hours`, `7 days`. */
export function period(milliseconds: number): string {
  return milliseconds < DAY ? count(milliseconds / HOUR, 'hour') : count(milliseconds / DAY, 'day');
}

/** `2026-11-22 06:32 UTC`, whatever the clock of the reader says. */
export function moment(time: number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** As the command line tells it. The space does not break. */
export function money(amount: number, currency: string): string {
  return plainMoney(amount, currency).replaceAll(' ', '\u00a0');
}

/** What would turn the direction of reading, move what follows, or is no character at all. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A name from a bucket, with what can't be seen made visible: two jobs must not look the same. */
export function shown(name: string): string {
  return name.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The first digits of a job id. */
export function shortId(id: string | null): string {
  return id === null ? 'no id' : `${id.slice(0, 6)}\u2026`;
}

/** The middle of a long name left out. */
export function shorten(name: string, length: number): string {
  const keep = length - 1;
  return name.length <= length
    ? name
    : `${name.slice(0, Math.ceil(keep / 2))}\u2026${name.slice(name.length - Math.floor(keep / 2))}`;
}
