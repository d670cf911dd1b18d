import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { JsonDocument } from '#operations/ledger/json-document.ts';
import { explain } from '#operations/report/explain.ts';
import { DAY, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const CACHED = `cache/${OTHER_JOB}/shared/${uuid(77)}`;
const CHUNK = `cache/${OTHER_JOB}/chk-1/${uuid(78)}`;
const survey = { settings: { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 } };

/** A running job, and a folder of 32 hexadecimal digits that nobody has written to for a long time. */
async function play(): Promise<Stewarded> {
  const area = await open('directory');
  playJob(area);
  area.put(CACHED, 'x'.repeat(100), NOW - 60 * DAY);
  return area;
}

async function runTwice(area: Stewarded): Promise<void> {
  await area.run({ survey });
  area.time += 2 * DAY;
  await area.run({ survey });
}

/** Takes out of the ledger what version 0.1.0 did not write. */
async function makeOlder(area: Stewarded): Promise<void> {
  const memory = new JsonDocument(area.ledger, 'memory', z.record(z.string(), z.unknown()));
  const known = await memory.read();
  const { signs: _, looked: __, known: ___, ...rest } = known?.value ?? {};
  expect(await memory.write(rest, known?.tag ?? null)).toBe(true);
}

describe('A folder that nothing shows to be a job directory', () => {
  it('is kept run after run, and an explanation says how to go on', async () => {
    const area = await play();

    await runTwice(area);
    const { survey: seen, verdicts } = await area.run({ survey });

    expect(area.keys()).toContain(CACHED);
    const { rule, because } = explain(seen, verdicts, seen.objects.find(0, CACHED));
    expect(rule).toBe('foreign-directory');
    expect(because.join(' ')).toContain(`steward declare-dead ${OTHER_JOB} --execute`);
  });
});

describe('A directory that once showed a sign', () => {
  it('is cleared when the sign is gone, because the ledger remembers it', async () => {
    // Prepare: a second folder of a job is the sign, and goes before the first.
    const area = await play();
    area.put(CHUNK, 'x'.repeat(100), NOW - 60 * DAY);
    await area.run({ survey });
    area.remove(CHUNK);

    // Act
    area.time += 2 * DAY;
    await area.run({ survey });

    // Assess
    expect(area.keys()).not.toContain(CACHED);
  });

  it('is forgotten some time after nothing of it is listed any more', async () => {
    // Prepare
    const area = await play();
    area.put(CHUNK, 'x'.repeat(100), NOW - 60 * DAY);
    await area.run({ survey });
    area.remove(CHUNK, CACHED);

    // Act: it comes back after 80 days, and after 100 more.
    area.time += 80 * DAY;
    await area.run({ survey });
    area.put(CACHED, 'x'.repeat(100), NOW - 60 * DAY);
    const remembered = await area.run({ survey, execute: false, command: 'plan' });
    area.remove(CACHED);
    await area.run({ survey });
    area.time += 100 * DAY;
    await area.run({ survey });
    area.put(CACHED, 'x'.repeat(100), NOW - 60 * DAY);
    const forgotten = await area.run({ survey });

    // Assess
    expect(remembered.survey.foreignJobs).toEqual(new Set());
    expect(forgotten.survey.foreignJobs).toEqual(new Set([OTHER_JOB]));
  });

  it('is known to a ledger of version 0.1.0 by the garbage in quarantine', async () => {
    // Prepare: that version took any such folder for a job directory.
    const area = await play();
    area.put(CHUNK, 'x'.repeat(100), NOW - 60 * DAY);
    await area.run({ survey });
    await makeOlder(area);
    area.remove(CHUNK);

    // Act
    area.time += 2 * DAY;
    await runTwice(area);

    // Assess
    expect(area.keys()).not.toContain(CACHED);
  });
});
