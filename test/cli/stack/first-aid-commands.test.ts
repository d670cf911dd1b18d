import { describe, expect, it } from 'vitest';
import { ALARMS } from '#core/signals/alarms.ts';
import { FIRST_AID } from '#core/slack/first-aid.ts';
import { complaintAbout, words } from '#test/docs/doc-commands.ts';
import { JOB } from '#test/support/played-job.ts';

const CASE = {
  stack: 'Fleet',
  region: 'eu-central-1',
  job: 'eu/orders',
  jobId: JOB,
  resource: 'fn',
  run: '20270301T093100000Z-81b2e',
  rules: [],
  savepoints: 's3://b/savepoints',
};

describe('The commands that a message in Slack has', () => {
  it.each(ALARMS.map(({ id }) => id))('can be pasted, and ask the deployment: %s', async (id) => {
    // Act
    const commands = FIRST_AID[id].actions(CASE).map(({ command }) => command);

    // Assess
    const asking = commands.filter((command) => command.startsWith('steward '));
    expect(asking.length).toBeGreaterThan(0);
    for (const command of asking) {
      expect(command).toContain('--stack Fleet');
      expect(await complaintAbout(words(command).slice(1)), command).toBeUndefined();
    }
  });
});
