import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandsIn } from '#core/commands-in-text.ts';
import { commandNames, complaintAbout, leafCommands } from '#test/docs/doc-commands.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { documentOf, steward } from './steward.ts';

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();
useMachineClock(NOW);
/** With what a shell would take apart. */
const ODD = "it's $HOME";
const AREA = `s3://state/${ODD}`;
const LEDGER = `s3://ledger/${ODD}`;
const CONFIG = JSON.stringify({
  retain: [{ path: '**', endedJobs: { keepLast: 1 } }],
  collect: { maxDeleteFraction: 1 },
});

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A job that runs, with garbage; one that ended; one that FLINK-39964 has hit; and one with an archived file. */
async function serveState(): Promise<EmbeddedS3> {
  const { s3 } = await serve();
  for (const bucket of ['state', 'ledger']) s3.createBucket(bucket);
  const put = (key: string, content: string | Uint8Array, modified: number, storageClass = 'STANDARD') =>
    s3.put('state', key, content, { lastModified: modified, storageClass });
  const store = { put, remove: () => undefined };
  const running = new PlayedJob(store, `${ODD}/${JOB}/`, 's3://state');
  running.complete(7, [running.upload(1)], NOW - DAY);
  running.upload(2, NOW - 20 * DAY);
  const ended = new PlayedJob(store, `${ODD}/${OTHER_JOB}/`, 's3://state');
  ended.complete(3, [ended.upload(22, NOW - 50 * DAY)], NOW - 49 * DAY);
  ended.complete(4, [ended.upload(23, NOW - 48 * DAY)], NOW - 47 * DAY);
  const hit = new PlayedJob(store, `${ODD}/${'c'.repeat(32)}/`, 's3://state');
  const savepoint = `${ODD}/savepoint-cccccc-0c236dd65946/`;
  put(`${savepoint}${uuid(9)}`, 'x'.repeat(100), NOW - 5 * DAY);
  put(`${savepoint}_metadata`, hit.metadata(3, [`${savepoint}${uuid(9)}`], 'savepoint-native'), NOW - 5 * DAY);
  hit.complete(7, [hit.upload(31), `${hit.directory}chk-7/${uuid(9)}`], NOW - 3 * DAY);
  const cold = new PlayedJob(store, `${ODD}/${'d'.repeat(32)}/`, 's3://state');
  const file = cold.file(41);
  put(file, 'x'.repeat(100), NOW - 5 * DAY, 'GLACIER');
  cold.complete(7, [file], NOW - 3 * DAY);
  return s3;
}

/** All that commands print of that bucket, as text and as JSON, with the words that were typed. */
async function printed(s3: EmbeddedS3, cwd: string): Promise<readonly (readonly [typed: string, text: string])[]> {
  const reach = ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style', '--ledger', LEDGER];
  const texts: (readonly [string, string])[] = [];
  const run = async (words: readonly string[], last: readonly string[] = []) => {
    const ran = await steward(cwd, [...words, AREA, ...reach, ...last]);
    const typed = [...words, ...last].join(' ');
    texts.push([typed, ran.out], [typed, ran.err]);
    return ran;
  };
  const root = `${AREA}/${JOB}/chk-7`;
  await run(['collect'], ['--execute']);
  const first = String(documentOf(await run(['collect'], ['--execute', '--json'])).run);
  for (const words of [
    ...[['audit'], ['plan'], ['restore-points'], ['history'], ['rules', 'check'], ['doctor'], ['collect'], ['retire']],
    ...[
      ['explain', root],
      ['explain', `${AREA}/${JOB}/shared`],
      ['explain', 'nothing'],
      ['undo', first],
      ['undo', 'abcdef'],
    ],
    ...[
      ['apply', 'none.ndjson'],
      ['pin', 'nothing'],
      ['pin', root],
      ['unpin', root],
      ['unpin', 'nothing'],
    ],
    ...[['declare-dead', OTHER_JOB], ['declare-dead', '1234'], ['pause'], ['collect'], ['audit'], ['resume']],
  ]) {
    await run(words);
    if (words[0] !== 'pause') await run(words, ['--json']);
  }
  await run(['history'], ['--run', first]);
  await run(['resume'], ['--execute']);
  await run(['retire'], ['--execute']);
  s3.put('state', `${ODD}/${JOB}/chk-9/_metadata`, 'broken', { lastModified: NOW - 3 * DAY });
  for (const words of [['audit'], ['collect'], ['restore-points'], ['plan']]) {
    await run(words);
    await run(words, ['--json']);
  }
  return texts;
}

/** A line of a sentence may begin with the name of the program, too. */
const COMMAND = new RegExp(`^(?:steward (?:${commandNames().join('|')})\\b|aws |flink |cp )`);

/** Lines that are a command, and the commands in sentences. */
function commandsOf(text: string): readonly string[] {
  const strings: string[] = [];
  if (text.startsWith('{')) {
    JSON.parse(text, (_, value) => {
      if (typeof value === 'string') strings.push(value);
      return value;
    });
  } else {
    strings.push(...text.split('\n').map((line) => line.trim()));
  }
  return strings.flatMap((line) =>
    COMMAND.test(line)
      ? [line]
      : commandsIn(line)
          .filter(({ start }) => start > 0)
          .map(({ start, end }) => line.slice(start, end)),
  );
}

/** As bash takes them. */
function wordsOf(command: string): readonly string[] {
  return execFileSync('bash', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** What keeps a command from doing the same for the same area; null where nothing does. */
async function flawOf(command: string, s3: EmbeddedS3): Promise<string | null> {
  const words = wordsOf(command);
  const has = (option: string, value?: string): boolean =>
    words.includes(option) && (value === undefined || words[words.indexOf(option) + 1] === value);
  if (words[0] === 'aws') return has('--endpoint-url', s3.url) ? null : 'no --endpoint-url';
  if (words[0] !== 'steward') return null;
  const complaint = await complaintAbout(words.slice(1));
  if (complaint !== undefined) return complaint;
  const known = leafCommands().get(words[1] === 'rules' ? 'rules check' : `${words[1]}`);
  const options = new Set(known?.options.map(({ long }) => long));
  if (!has('--endpoint', s3.url) || !has('--path-style')) return 'no --endpoint or --path-style';
  if (options.has('--ledger') && !has('--ledger', LEDGER)) return 'no --ledger';
  const takesPlace = known?.registeredArguments.at(-1)?.name().endsWith('location');
  return takesPlace && !words.includes(AREA) ? 'no location' : null;
}

describe('Every command that is printed', () => {
  it('can be pasted: it has the locations, ledger, endpoint and path style that were typed, whatever their names', async () => {
    const s3 = await serveState();
    const texts = await printed(s3, await makeDirectory({ 'steward.json': CONFIG }));

    const flaws: string[] = [];
    const seen = new Set<string>();
    for (const [typed, text] of texts) {
      for (const command of commandsOf(text)) {
        seen.add(
          command
            .split(' ')
            .slice(0, command.startsWith('aws') ? 3 : 2)
            .join(' '),
        );
        const flaw = await flawOf(command, s3);
        if (flaw !== null) flaws.push(`${typed}: ${flaw}: ${command}`);
      }
    }

    expect(flaws).toEqual([]);
    expect([...seen].sort()).toEqual([
      ...['aws s3 cp', 'aws s3api put-bucket-lifecycle-configuration', 'aws s3api restore-object', 'flink run'],
      ...['steward audit', 'steward collect', 'steward declare-dead', 'steward doctor', 'steward explain'],
      ...['steward history', 'steward pin', 'steward plan', 'steward restore-points', 'steward resume'],
      ...['steward retire', 'steward rules', 'steward undo', 'steward unpin'],
    ]);
  });
});
