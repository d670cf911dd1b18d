import { describe, expect, it } from 'vitest';
import { exposition } from '#core/exposition.ts';

describe('The text for Prometheus', () => {
  it('has for each gauge its help, type, unit and values, and an end', () => {
    const text = exposition([
      {
        name: 'a_bytes',
        unit: 'bytes',
        help: 'What it is.',
        samples: [
          { labels: { area: 's3://b', job_name: 'orders' }, value: 12_345_678_901 },
          { labels: { area: 's3://b', job_name: 'clicks' }, value: 0.25 },
        ],
      },
      { name: 'b', unit: null, help: 'Another.', samples: [{ labels: { area: 's3://b' }, value: 1 }] },
    ]);

    expect(text).toBe(`# HELP a_bytes What it is.
# TYPE a_bytes gauge
# UNIT a_bytes bytes
a_bytes{area="s3://b",job_name="orders"} 12345678901
a_bytes{area="s3://b",job_name="clicks"} 0.25
# HELP b Another.
# TYPE b gauge
b{area="s3://b"} 1
# EOF
`);
  });

  it('leaves out a gauge without values', () => {
    expect(exposition([{ name: 'a', unit: null, help: 'Nothing.', samples: [] }])).toBe('# EOF\n');
  });

  it.each([
    ['a quote', '"', '\\"'],
    ['a backslash', '\\', '\\\\'],
    ['an end of line', '\n', '\\n'],
    ['what looks escaped', '\\n', '\\\\n'],
    ['half a character', '\ud800', '\ufffd'],
    ['a whole one', '😀', '😀'],
  ])('escapes %s in labels', (_, value, escaped) => {
    const text = exposition([
      { name: 'a', unit: null, help: 'One.', samples: [{ labels: { job_name: value }, value: 1 }] },
    ]);

    expect(text).toContain(`\na{job_name="${escaped}"} 1\n`);
  });
});
