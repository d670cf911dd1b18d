import { describe, expect, it } from 'vitest';
import { entriesOf } from '#cli/area-entries.ts';
import { parseConfig } from '#config/steward-config.ts';

describe('A bucket on the command line', () => {
  const config = parseConfig(
    JSON.stringify({
      area: [
        'copy',
        { bucket: 's3://state/savepoints', owner: '111122223333' },
        { bucket: 's3://state', requesterPays: true },
        's3://other',
      ],
    }),
    'steward.json',
  );

  it.each([
    ['of the very same place', 's3://state', { requesterPays: true }],
    ['of another part of the bucket', 's3://state/flink', { owner: '111122223333' }],
    ['of the bucket in the words of Flink', 's3a://state/flink', { owner: '111122223333' }],
    ['of a bucket without any', 's3://other/flink', {}],
    ['of a bucket that only begins alike', 's3://stat', {}],
  ])('keeps the settings %s in steward.json', (_, url, settings) => {
    expect(entriesOf([url], {}, config, '/')).toEqual([{ kind: 's3', url, ...settings }]);
  });
});
