import { join } from 'node:path';
import { PutBucketLifecycleConfigurationCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import * as lying from '#test/support/lying-s3.ts';
import { setMachineClock, useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { JOB_PREFIX } from '#test/support/served-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { type Doctored, LEDGER, LOCATION, of, rowsOf, STATE, troubles, useDoctor } from './doctor-bucket.ts';
import { smallJob, steward } from './steward.ts';

const open = useDoctor();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();

const CHANGING = /^(?:Put|Delete|Copy|Create|Complete|Upload)/;

/** Which objects are written or deleted while something happens. */
async function changes(s3: EmbeddedS3, act: () => Promise<unknown>): Promise<readonly string[]> {
  const from = s3.log.requests.length;
  await act();
  const changing = s3.log.requests.slice(from).filter(({ operation }) => CHANGING.test(operation));
  return [...new Set(changing.map(({ bucket, key }) => `${bucket}/${key}`))].sort();
}

function passOf(s3: EmbeddedS3): string | null {
  const record = JSON.parse(String(s3.object('ledger', 'one/scope@')?.content));
  return record.parts[`s3://${STATE}`]?.completed ?? null;
}

async function marked(): Promise<Doctored> {
  const doctored = await open();
  expect((await doctored.run('collect', '--execute')).status).toBe(0);
  return doctored;
}

function rewrite(s3: EmbeddedS3, bucket: string, key: string, change: object): void {
  const before = JSON.parse(String(s3.object(bucket, key)?.content));
  s3.put(bucket, key, JSON.stringify({ ...before, ...change }));
}

describe('steward doctor', () => {
  it('has one row for each check of a bucket that runs delete in, and nothing to do', async () => {
    const { doctor } = await marked();
    await doctor('--write');

    const { status, rows } = await doctor();

    expect(rows.map(({ check, location, state }) => [check, location, state])).toEqual([
      ...['configuration', 'credentials', 'ledger', 'pause', 'lease', 'scope'].map((check) => [check, null, 'ok']),
      ...['reach', 'listing', 'reading', 'clock', 'versioning', 'lifecycle-rules', 'marker', 'store'].map((check) => [
        check,
        LOCATION,
        'ok',
      ]),
    ]);
    expect(
      rows.filter(({ advice, command, grant }) => advice !== null || command !== null || grant.length > 0),
    ).toEqual([]);
    expect(of('reading', rows)[0]?.found).toBe(`${JOB_PREFIX}chk-7/_metadata can be read.`);
    expect(status).toBe(0);
  });

  it('leaves out what does not apply to a directory, and writes nothing into it', async () => {
    const cwd = await makeDirectory(smallJob('flink/'));

    const ran = await steward(cwd, ['doctor', 'flink', '--json']);

    expect(rowsOf(ran).map(({ check, state }) => `${check}: ${state}`)).toEqual([
      'configuration: ok',
      'ledger: ok',
      'scope: ok',
      'listing: ok',
      'reading: ok',
      'marker: ok',
    ]);
    expect(ran.status).toBe(0);
  });

  it('writes nothing where there is no ledger yet, and records the pass only where there is one', async () => {
    const { s3, doctor, run } = await open();

    const before = await changes(s3, () => doctor());
    await run('collect', '--execute');
    const after = await changes(s3, () => doctor());

    expect(before).toEqual([]);
    // A store of a ledger is asked once by each process whether it honours conditions.
    expect(after.filter((key) => key !== 'ledger/one/conditional-writes@')).toEqual([]);
  });

  it('makes the pass where the last is older than a week, and records it for the next run', async () => {
    // Prepare
    const doctored = await marked();
    const { s3, doctor } = doctored;
    const first = passOf(s3);
    s3.erase('ledger', 'one/scope@');

    // Act
    const { rows } = await doctor();
    const made = passOf(s3);
    doctored.later = 6 * DAY;
    setMachineClock(NOW + 6 * DAY);
    await doctor();
    const within = passOf(s3);
    doctored.later = 8 * DAY;
    setMachineClock(NOW + 8 * DAY);
    await doctor();

    // Assess
    expect(first).not.toBeNull();
    expect(of('scope', rows)).toMatchObject([{ state: 'ok' }]);
    expect(made).toBe(new Date(NOW).toISOString());
    expect(within).toBe(made);
    expect(passOf(s3)).toBe(new Date(NOW + 8 * DAY).toISOString());
  });

  it.each<[string, (s3: EmbeddedS3) => void, string]>([
    [
      'a run is in progress',
      (s3) => {
        s3.erase('ledger', 'one/scope@');
        const holder = { host: 'elsewhere', process: null };
        rewrite(s3, 'ledger', 'one/lease@', { holder, expires: new Date(NOW + 60_000).toISOString() });
      },
      'a run is in progress, which records its own',
    ],
    [
      'the ledger is of another area',
      (s3) => rewrite(s3, 'ledger', 'one/scope@', { area: 's3://another/', parts: {} }),
      "it is not certain that the area is this ledger's",
    ],
    [
      'another ledger is responsible',
      (s3) => {
        s3.erase('ledger', 'one/scope@');
        rewrite(s3, STATE, 'flink/.flink-steward.json', { ledger: 'another', place: 's3://elsewhere' });
      },
      "it is not certain that the area is this ledger's",
    ],
  ])('records nothing where %s, and says so', async (_, prepare, why) => {
    const { s3, doctor } = await marked();
    prepare(s3);
    const before = String(s3.object('ledger', 'one/scope@')?.content);

    const { rows } = await doctor();

    expect(of('scope', rows)[0]?.found).toContain(`0 objects. This pass was not recorded, because ${why}.`);
    expect(String(s3.object('ledger', 'one/scope@')?.content)).toBe(before);
  });

  it('finds the checkpoint outside the area that references files in it', async () => {
    const { s3, doctor } = await open();
    const place = {
      put: (key: string, content: string | Uint8Array, modified: number) =>
        s3.put(STATE, key, content, { lastModified: modified }),
      remove: (...keys: readonly string[]) => s3.erase(STATE, ...keys),
    };
    const outside = new PlayedJob(place, `other/${OTHER_JOB}/`, `s3a://${STATE}`);
    outside.complete(3, [s3.keys(STATE).find((key) => key.startsWith(`flink/${JOB}/shared/`)) ?? ''], NOW - DAY);

    const { status, rows } = await doctor();

    expect(status).toBe(1);
    expect(of('scope', rows)).toMatchObject([
      { state: 'ok' },
      {
        state: 'wrong',
        found: expect.stringContaining(
          `s3://${STATE}/other/${OTHER_JOB}/chk-3/_metadata is outside the area and references 1 file in it`,
        ),
      },
    ]);
  });

  it('says whose the credentials are, and that they have expired', async () => {
    const { doctor } = await open();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
    vi.stubEnv('AWS_ACCOUNT_ID', '111122223333');
    vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', new Date(NOW + DAY).toISOString());
    const valid = await doctor();
    vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', new Date(NOW - DAY).toISOString());
    const expired = await doctor();
    const file = '[prod]\naws_access_key_id = test\naws_secret_access_key = test\n';
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(await makeDirectory({ credentials: file }), 'credentials'));
    vi.stubEnv('AWS_PROFILE', 'prod');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    const profile = await doctor();

    const who = 'The access key AKIA…MPLE, of the account 111122223333.';
    expect([valid, expired, profile].map(({ rows }) => of('credentials', rows))).toMatchObject([
      [{ state: 'ok', found: `${who} It is valid until 2027-03-02 00:00:00 UTC.` }],
      [{ state: 'wrong', found: `${who} It expired on 2027-02-28 00:00:00 UTC.` }],
      [{ state: 'ok', found: 'The access key test, by the profile prod.' }],
    ]);
  });

  it('says what versions mean for undo', async () => {
    const { s3, doctor } = await open();
    const client = clientOf(s3.url);
    const said: unknown[] = [];

    for (const Status of ['Enabled', 'Suspended'] as const) {
      await client.send(new PutBucketVersioningCommand({ Bucket: STATE, VersioningConfiguration: { Status } }));
      said.push(of('versioning', (await doctor()).rows));
    }
    client.destroy();

    expect(said).toMatchObject([
      [{ state: 'ok', found: expect.stringContaining('undo can put back what a run deleted') }],
      [{ state: 'warning', found: expect.stringContaining("can't put back objects that are deleted from now on") }],
    ]);
  });

  it.each([
    ['flink/', 'wrong'],
    ['logs/', 'ok'],
  ])('finds that a rule that expires objects below %s is %s', async (Prefix, state) => {
    const { s3, doctor } = await open();
    const client = clientOf(s3.url);
    const Rules = [{ ID: 'week', Status: 'Enabled' as const, Filter: { Prefix }, Expiration: { Days: 7 } }];
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: STATE, LifecycleConfiguration: { Rules } }));
    client.destroy();

    const { status, rows } = await doctor();

    expect(status).toBe(state === 'wrong' ? 1 : 0);
    expect(of('lifecycle-rules', rows)).toMatchObject([
      state === 'wrong'
        ? {
            state,
            found: `Rule "week" deletes objects below 'flink/' by age or date. A checkpoint or savepoint that needs one of them will break.`,
            command: expect.stringMatching(/^steward rules check s3:/),
          }
        : { state, found: '1 rule, none of which deletes or archives objects here that jobs may need.' },
    ]);
  });

  it.each<[string, object, string, string]>([
    ['another ledger', { ledger: 'another', place: 's3://elsewhere' }, 'wrong', 'Another ledger, s3://elsewhere, is'],
    [
      'a ledger that has gone',
      { ledger: 'another', place: LEDGER },
      'wrong',
      'The ledger that was responsible is missing',
    ],
    ['no steward', { steward: 2 }, 'wrong', 'was not written by this version of the steward'],
  ])('says of a marker of %s what follows', async (_, change, state, sentence) => {
    const { s3, doctor } = await marked();
    rewrite(s3, STATE, 'flink/.flink-steward.json', change);

    const { status, rows } = await doctor();

    expect(of('marker', rows)).toMatchObject([{ state, found: expect.stringContaining(sentence) }]);
    expect(status).toBe(1);
  });

  it('says that deleting is paused, and how to go on', async () => {
    const { doctor, run } = await marked();
    await run('pause', '--why', 'a migration');

    const { status, rows } = await doctor();

    expect(of('pause', rows)).toMatchObject([
      {
        state: 'warning',
        found: expect.stringContaining('(a migration)'),
        command: expect.stringMatching(/^steward resume s3:.* --execute$/),
      },
    ]);
    expect(status).toBe(0);
  });

  it('says that what people declared is lost, or that the ledger is of a newer format', async () => {
    const { s3, doctor } = await marked();
    s3.erase('ledger', 'one/state@');
    const lost = await doctor();
    rewrite(s3, 'ledger', 'one/ledger@', { format: 2 });
    const newer = await doctor();

    expect(of('ledger', lost.rows)).toMatchObject([{ state: 'wrong', found: expect.stringContaining('"state"') }]);
    expect(of('ledger', newer.rows)).toMatchObject([
      { state: 'wrong', found: expect.stringContaining('has format 2, but this steward knows only format 1') },
    ]);
    expect([lost.status, newer.status]).toEqual([1, 1]);
  });

  it('names who holds the lease', async () => {
    const { s3, doctor } = await marked();
    const held = { command: 'steward collect', holder: { host: 'elsewhere', process: null } };
    rewrite(s3, 'ledger', 'one/lease@', { ...held, expires: new Date(NOW + 60_000).toISOString() });
    const now = await doctor();
    rewrite(s3, 'ledger', 'one/lease@', { ...held, expires: new Date(NOW - DAY).toISOString() });
    const long = await doctor();

    expect(of('lease', now.rows)[0]?.found).toMatch(/^Held by steward collect, run \S+, on elsewhere, until /);
    expect(of('lease', long.rows)[0]?.found).toContain('ended without releasing its lease');
  });

  it('says of a setting that endangers state, and of a part of the area', async () => {
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({
        area: [LOCATION, `s3://${STATE}/more`],
        collect: { minAge: '30m', quarantine: '30m', checkpointTimeout: '10m' },
      }),
    });
    const { doctor } = await open(cwd);

    const { rows } = await doctor();

    expect(of('configuration', rows)).toMatchObject([
      { state: 'ok', found: 'steward.json is valid.' },
      { state: 'warning', found: expect.stringContaining('collect.minAge is 30m') },
      { state: 'warning', found: expect.stringContaining('This is only a part of the area in steward.json') },
    ]);
  });

  it('says that the operator declared the area complete', async () => {
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area: [LOCATION], scope: 'area' }) });
    const { doctor } = await open(cwd);

    expect(of('scope', (await doctor()).rows)).toMatchObject([
      { state: 'warning', found: expect.stringContaining('"scope" is "area"') },
    ]);
  });

  it('says that nothing is there, and that there is no checkpoint', async () => {
    const { s3, doctor } = await open();
    s3.erase(STATE, ...s3.keys(STATE));
    const empty = await doctor();
    s3.put(STATE, 'flink/notes.txt', 'x');
    const rootless = await doctor();

    expect(troubles(empty.rows)).toEqual(['listing: warning', 'reading: warning', 'store: warning']);
    expect(troubles(rootless.rows)).toEqual(['reading: warning', 'store: warning']);
  });

  it.each([
    [59_000, 'ok', 0],
    [61_000, 'wrong', 1],
    [-61_000, 'wrong', 1],
  ])('says of a clock that differs by %i ms: %s', async (skew, state, status) => {
    const { s3, doctor } = await marked();
    s3.clock = () => NOW + skew;

    const doctored = await doctor();

    expect(of('clock', doctored.rows)).toMatchObject([{ state }]);
    expect(doctored.status).toBe(status);
  });

  describe('--write', () => {
    it('tries what writes and deletes, and leaves nothing behind in the area', async () => {
      const { s3, doctor } = await marked();
      const before = s3.keys(STATE);

      const { status, rows } = await doctor('--write');

      expect(troubles(rows)).toEqual([]);
      expect(rows.map(({ check }) => check)).toEqual(expect.arrayContaining(['ledger-writing', 'writing', 'deleting']));
      expect(of('store', rows)[0]?.found).toBe('Probed just now. It supports everything that the steward relies on.');
      expect(s3.keys(STATE)).toEqual(before);
      expect(status).toBe(0);
    });

    it('writes and deletes no object but those of the steward', async () => {
      const { s3, doctor } = await open();

      const changed = await changes(s3, () => doctor('--write'));

      expect(changed.filter((key) => !/\/\.flink-steward-probe-|^state\/$/.test(key))).toEqual([
        'ledger/one/conditional-writes@',
        'ledger/one/doctor@',
      ]);
      // What is deleted together is named in the body.
      const deleted = s3.log.requests.filter(({ operation }) => operation === 'DeleteObjects');
      expect(deleted.length).toBeGreaterThan(0);
    });

    it('does the same in a directory', async () => {
      const cwd = await makeDirectory(smallJob('flink/'));

      const ran = await steward(cwd, ['doctor', 'flink', '--write', '--json']);
      const audited = await steward(cwd, ['plan', 'flink', '--json']);

      expect(rowsOf(ran).slice(-3)).toMatchObject([
        { check: 'marker' },
        { check: 'writing', state: 'ok' },
        { check: 'deleting', state: 'ok' },
      ]);
      expect(audited.out).not.toContain('.flink-steward-probe');
    });

    it('says that nothing is deleted in a store whose listings are late', async () => {
      const { s3, doctor } = await open();
      s3.faults.add(lying.listsLate(/\.flink-steward-probe-/));

      const { status, rows } = await doctor('--write');

      expect(of('store', rows)).toMatchObject([
        { state: 'wrong', found: expect.stringContaining('Its listings show new objects late') },
      ]);
      expect(status).toBe(1);
    });

    it('probes the store, which a look does not, and keeps it in the marker of this ledger', async () => {
      const { s3, doctor } = await marked();
      rewrite(s3, STATE, 'flink/.flink-steward.json', { store: undefined });
      const before = await doctor();
      await doctor('--write');
      const after = await doctor();

      expect(troubles(before.rows)).toEqual(['store: warning']);
      expect(of('store', before.rows)[0]?.command).toMatch(/^steward doctor s3:.* --write$/);
      expect(troubles(after.rows)).toEqual([]);
    });
  });

  it.each([60, 80, 120])(
    'prints in %i columns no line that is wider, but for commands, statements and names',
    async (columns) => {
      const { s3, print } = await open();
      s3.faults.add({
        match: { operation: ['GetBucketVersioning', 'GetBucketLifecycleConfiguration'] },
        do: { kind: 'answer', code: 'AccessDenied' },
      });

      const { out } = await print(columns);

      const lines = out
        .split('\n')
        .filter((line) => !/^ {2}\S/.test(line) && line.split(' ').every((word) => word.length < 30));
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines.length).toBeGreaterThan(20);
    },
  );

  it('prints what to do below what was found, the commands on lines of their own, and the statements to grant', async () => {
    const { s3, run } = await open();
    s3.faults.add({ match: { operation: 'GetBucketVersioning' }, do: { kind: 'answer', code: 'AccessDenied' } });

    const { status, out, err } = await run('doctor');

    const store = `--ledger ${LEDGER} --endpoint ${s3.url} --region us-east-1 --path-style`;
    expect({ status, err }).toEqual({ status: 3, err: '' });
    expect(out).toContain(`
versioning       not checked  s3://state's versioning can't be read: access denied (AccessDenied:
                              Access Denied); it is unknown whether it keeps versions.
                              → Grant s3:GetBucketVersioning on arn:aws:s3:::state to these
                              credentials.
`);
    expect(out).toContain(`
For store:
  steward doctor ${LOCATION} ${store} --write

Missing rights, as statements for the IAM policy of these credentials:
  {"Effect":"Allow","Action":"s3:GetBucketVersioning","Resource":"arn:aws:s3:::state"}
`);
  });
});
