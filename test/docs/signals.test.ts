import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmsTable, eventTable, metricsTable } from './signals-tables.ts';

describe('docs/signals.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/signals.md'), 'utf8');

  it('lists the metrics as they are', () => {
    expect(page).toContain(metricsTable());
  });

  it('lists the alarms as they are', () => {
    expect(page).toContain(alarmsTable());
  });

  it.each(['completed', 'survey', 'ended'] as const)('lists the keys of the event %s as they are read', (event) => {
    expect(page).toContain(eventTable(event));
  });
});
