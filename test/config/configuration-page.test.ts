import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderConfigurationPage } from '#config/configuration-page.ts';
import { stewardJsonSchema } from '#config/json-schema.ts';

const PAGE = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

describe('docs/configuration.md', () => {
  it('is committed as the schema generates it (else run npm run schema)', () => {
    expect(PAGE).toBe(renderConfigurationPage());
  });

  it('has a row for every key, at any depth', () => {
    for (const key of Object.keys(stewardJsonSchema().properties ?? {}).filter((name) => name !== '$schema')) {
      expect(PAGE, key).toMatch(new RegExp(`^\\| \`${key}[\`.[]`, 'm'));
    }
    expect(PAGE).toContain('| `retain[].endedJobs.keepWithin` | duration |');
    expect(PAGE).toContain('| `deploy.vpc.subnets` | list of texts |');
  });

  it('says of each key what it means, with its default in a column of its own', () => {
    const rows = PAGE.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([]);
    expect(rows.filter((row) => row.includes('Default:'))).toEqual([]);
    expect(PAGE).toMatch(/^\| `collect\.minAge` \| duration \| `"24h"` \| Nothing younger/m);
  });
});
