/** Numbers for people. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units, as S3 bills them: `1.2 GB`. */
export function bytes(amount: number): string {
  let value = amount;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A number with its noun: `1,234 jobs`, `1 job`. @param many the plural, where it is not `one` and an s. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A time without its milliseconds: `2026-11-22 06:32:51 UTC`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** A length of time for people, in its two largest units: `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const largest = units.findIndex(([size]) => seconds >= size);
  if (largest === -1) {
    return '0 s';
  }
  let rest = seconds;
  const parts = units.slice(largest, largest + 2).map(([size, unit]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? '' : `${amount} ${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** How long ago, in the largest unit of which there are two: `7 d ago`, `90 min ago`. */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1_000);
  const [size, unit] =
    (
      [
        [86_400, 'd'],
        [3_600, 'h'],
        [60, 'min'],
      ] as const
    ).find(([smallest]) => seconds >= 2 * smallest) ?? ([1, 's'] as const);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

const CENT = 0.01;

/** An amount without false precision: `$12.40`, `$1,240`, `under 1 cent`, `12.40 EUR`. */
export function money(amount: number, currency: string): string {
  if (amount > 0 && amount < CENT) {
    return currency === 'USD' ? 'under 1 cent' : `under 0.01 ${currency}`;
  }
  const digits = amount === 0 || amount >= 100 ? 0 : 2;
  const number = amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency === 'USD' ? `$${number}` : `${number} ${currency}`;
}
