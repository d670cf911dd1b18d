import { describe, expect, it } from 'vitest';
import { context, header, section } from '#core/slack/blocks.ts';
import { md } from '#core/slack/mrkdwn.ts';

describe('The blocks', () => {
  it('cut a header, which is plain text', () => {
    expect(header('<'.repeat(200)).text).toEqual({ type: 'plain_text', text: `${'<'.repeat(149)}…`, emoji: true });
  });

  it.each([
    [
      'a text that is too long',
      () => section({ mrkdwn: 'x'.repeat(3_001) }),
      '3001 characters of a text, but Slack accepts 3000.',
    ],
    ['an empty text', () => section({ mrkdwn: '' }), 'Slack accepts no empty text.'],
    ['too many fields', () => section(md`a`, Array(11).fill(md`b`)), '11 fields of a section, but Slack accepts 10.'],
    ['a field that is too long', () => section(md`a`, [{ mrkdwn: 'x'.repeat(2_001) }]), '2001 characters of a text'],
    ['too many elements', () => context(...Array(11).fill(md`b`)), '11 elements of a context, but Slack accepts 10.'],
  ])('are not made of %s', (_, make, sentence) => {
    expect(make).toThrow(sentence);
  });

  it('are made of what just fits', () => {
    expect(section({ mrkdwn: 'x'.repeat(3_000) }, Array(10).fill(md`b`)).fields).toHaveLength(10);
  });
});
