import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const APP = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../../dist/functions/survey/index.mjs', import.meta.url));

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Ended {
  readonly status: number | string | null | undefined;
  readonly out: string;
  readonly err: string;
  readonly left: readonly string[];
}

/** Runs the thin app as `cdk synth` does, with this `steward.json` in the working directory. */
async function synth(configuration: object): Promise<Ended> {
  const cwd = mkdtempSync(join(tmpdir(), 'flink-steward-app-'));
  folders.push(cwd);
  writeFileSync(join(cwd, 'steward.json'), JSON.stringify(configuration));
  const env = { ...process.env, CDK_OUTDIR: join(cwd, 'cdk.out'), CDK_VALIDATION: undefined };
  return await new Promise((resolve) => {
    execFile(process.execPath, ['--import', import.meta.resolve('tsx'), APP], { cwd, env }, (error, out, err) =>
      resolve({ status: error === null ? 0 : error.code, out, err, left: readdirSync(cwd) }),
    );
  });
}

function builtAt(): number | null {
  return statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

describe('The app', () => {
  it.each([
    [
      { area: ['s3://my-bucket/flink', 's3://my-bucket/flink/savepoints'] },
      'area: s3://my-bucket/flink/savepoints is inside s3://my-bucket/flink, so its objects would be judged twice. Give only the outer location. Nothing is synthesised.\n',
    ],
    [
      { deploy: { collect: 'cron(30 2 * * * *)' } },
      'steward.json:1:12: deploy.collect is "cron(30 2 * * * *)", so the file is refused. Write ? for exactly one of day of month (the third field) and day of week (the fifth), such as "cron(30 2 * * ? *)" or "cron(30 2 ? * MON-FRI *)".\n',
    ],
  ])('refuses %j in one sentence, before it builds or writes anything', async (configuration, sentence) => {
    // Prepare
    const before = builtAt();

    // Act
    const { status, out, err, left } = await synth(configuration);

    // Assess
    expect({ status, out, err }).toEqual({ status: 2, out: '', err: sentence });
    expect(left).toEqual(['steward.json']);
    expect(builtAt()).toBe(before);
  });
});
