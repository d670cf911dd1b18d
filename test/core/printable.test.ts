import { describe, expect, it } from 'vitest';
import { printable } from '#core/printable.ts';

describe('A name that is printed', () => {
  it('has no character that moves the cursor, ends a line or turns the direction of reading', () => {
    expect(printable('a\u001b[2J\r\nb\u202ec\u2028d\ud800')).toBe('a\\x1b[2J\\x0d\\x0ab\\u202ec\\u2028d\\ud800');
    expect(printable('Bestellungen – 注文 😀')).toBe('Bestellungen – 注文 😀');
  });
});
