import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { collectHandler } from '#functions/collect/handler.ts';
import { manualHandler } from '#functions/manual/handler.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import { AREA, type Deployed, LEDGER, useDeployments } from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

/** What must hold whichever way people come in: by the command line, or by the functions. */

const deploy = useDeployments();
const makeDirectory = useTempDirectories();
const MARKER = 'flink/.flink-steward.json';

/** The same area and ledger by the command line. */
async function byCommandLine(deployed: Deployed, words: readonly string[], configuration: object = {}): Promise<Ran> {
  const cwd = await makeDirectory({ 'steward.json': JSON.stringify(configuration) });
  return await runCaptured(
    [
      ...words,
      AREA,
      '--ledger',
      `s3://${LEDGER}`,
      '--endpoint',
      deployed.s3.url,
      '--region',
      'us-east-1',
      '--path-style',
    ],
    { cwd, clock: () => deployed.now, columns: 100 },
  );
}

function markAsForeign(deployed: Deployed): void {
  const marker = {
    steward: 1,
    ledger: 'another-id',
    place: 's3://another-ledger/flink',
    since: '2026-01-01T00:00:00.000Z',
  };
  deployed.s3.put(BUCKET, MARKER, Buffer.from(JSON.stringify(marker)));
}

describe('An area that another ledger looks after', () => {
  it.each(['pause', 'resume'])('is refused by %s, before anything is written', async (action) => {
    // Prepare
    const deployed = await deploy();
    markAsForeign(deployed);
    const marker = deployed.s3.keys(BUCKET);

    // Act
    const dry = await manualHandler({ action }, deployed.runtime());
    const asked = await manualHandler({ action, execute: true }, deployed.runtime());
    const typed = await byCommandLine(deployed, [action, '--execute']);

    // Assess
    const sentence = `Another ledger, s3://another-ledger/flink, has been responsible for ${AREA} since 2026-01-01T00:00:00.000Z. Nothing was changed.`;
    expect([dry.error, asked.error]).toEqual([expect.stringContaining(sentence), expect.stringContaining(sentence)]);
    expect({ status: typed.status, err: typed.err }).toEqual({ status: 3, err: expect.stringContaining(sentence) });
    expect(deployed.s3.keys(LEDGER)).toEqual([]);
    expect(deployed.s3.keys(BUCKET)).toEqual(marker);
  });

  it('is taken over by resume where that is said, and only when it is executed', async () => {
    // Prepare
    const deployed = await deploy();
    markAsForeign(deployed);

    // Act
    const dry = await manualHandler({ action: 'resume', takeOver: true }, deployed.runtime());
    const before = deployed.s3.keys(LEDGER);
    const executed = await manualHandler({ action: 'resume', takeOver: true, execute: true }, deployed.runtime());
    const typed = await byCommandLine(deployed, ['pause', '--execute']);

    // Assess
    expect(dry).toMatchObject({ executed: false, summary: expect.stringContaining('With "execute": true') });
    expect(before).toEqual([]);
    expect(executed).toMatchObject({ executed: true });
    expect(typed.status).toBe(0);
  });
});

describe('A protect pattern that matches nothing, and a setting that endangers state', () => {
  const configuration = {
    area: [AREA],
    protect: ['flink/typo-of-mine/**'],
    collect: { minAge: '30m', checkpointTimeout: '10m' },
  };
  const notes = [
    expect.stringMatching(/^collect\.minAge is 30m, which is below 1h/),
    expect.stringMatching(/^protect: "flink\/typo-of-mine\/\*\*" matches no object in the area/),
  ];

  it('are notes of every function that looks', async () => {
    // Prepare
    const deployed = await deploy(configuration);

    // Act
    const answers = [
      await surveyHandler({}, deployed.runtime()),
      await collectHandler({}, deployed.runtime()),
      await manualHandler({ action: 'audit' }, deployed.runtime()),
      await manualHandler({ action: 'plan' }, deployed.runtime()),
      await manualHandler({ action: 'retire' }, deployed.runtime()),
      await manualHandler({ action: 'restore-points' }, deployed.runtime()),
      await manualHandler({ action: 'rules' }, deployed.runtime()),
    ];

    // Assess
    for (const answer of answers) {
      expect(answer).toMatchObject({ notes: expect.arrayContaining(notes) });
    }
  });

  it('are notes of the report page that a survey leaves', async () => {
    // Prepare
    const deployed = await deploy(configuration);

    // Act
    await surveyHandler({}, deployed.runtime());

    // Assess
    const page = String(deployed.s3.object(LEDGER, 'report/report.html')?.content);
    expect(page).toContain('collect.minAge is 30m, which is below 1h');
    expect(page).toContain('flink/typo-of-mine/**');
  });

  it.each(['audit', 'plan', 'collect', 'retire', 'restore-points'])('are notes of steward %s', async (command) => {
    // Prepare
    const deployed = await deploy();

    // Act
    const { out, err } = await byCommandLine(deployed, [command], configuration);

    // Assess
    const said = `${out}${err}`.replaceAll(/\s+/g, ' ');
    expect(said).toContain('collect.minAge is 30m, which is below 1h');
    expect(said).toContain('protect: "flink/typo-of-mine/**" matches no object in the area');
  });

  it('are said once', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const { err } = await byCommandLine(deployed, ['collect', '--json'], configuration);

    // Assess
    expect(err.match(/collect\.minAge/g)).toHaveLength(1);
    expect(err.match(/typo-of-mine/g)).toHaveLength(1);
  });
});
