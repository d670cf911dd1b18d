import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completeDocument, completing } from '#cli/complete-commands.ts';
import { parseConfig } from '#config/steward-config.ts';
import { programFor } from '#test/docs/doc-commands.ts';

const CONFIG = parseConfig('{"area": [{"bucket": "s3://cold", "endpoint": "https://s3.example.org"}]}', 'steward.json');
const REACH = ['--endpoint', 'http://localhost:9000', '--path-style'];
const TYPED = '--endpoint http://localhost:9000 --path-style';

/** What becomes of a sentence after these words were typed. */
async function completed(words: readonly string[], sentence: string, config = CONFIG): Promise<string> {
  const program = programFor([]);
  const ran: Command[] = [];
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
  for (const command of all(program)) {
    if (command.commands.length === 0) command.action(() => void ran.push(command));
  }
  await program.parseAsync([...words], { from: 'user' });
  return ran.map((command) => completing(program, command, config)(sentence)).join();
}

describe('A command in a sentence', () => {
  it.each([
    [['audit', 's3://b', ...REACH], 'To look: steward plan', `To look: steward plan s3://b ${TYPED}`],
    [['audit', 'a b'], 'To look: steward rules check.', "To look: steward rules check 'a b'."],
    [['audit', 'x', '--ledger', 'l'], 'See: steward inspect chk-1', 'See: steward inspect chk-1'],
    [
      ['audit', 'x', '--config', 'c'],
      'Then (steward undo R --execute).',
      'Then (steward undo R x --config c --execute).',
    ],
    [['pin', 'chk-1', 'x'], 'See: steward history', 'See: steward history x'],
    [['pin', '--from', 'f', 'x'], 'See: steward history', 'See: steward history x'],
    [['declare-dead', 'j', 'x'], 'See: steward audit', 'See: steward audit x'],
    [['declare-dead', '--root', 'r', '--etag', 'e', 'x'], 'See: steward audit', 'See: steward audit x'],
    [['undo', 'R', 'x'], 'See: steward history --run R', 'See: steward history x --run R'],
  ])('has what was typed with %j', async (words, sentence, whole) => {
    expect(await completed(words, sentence)).toBe(whole);
    expect(await completed(words, whole)).toBe(whole);
  });

  it('keeps an option of its own, whatever was typed', async () => {
    expect(await completed(['audit', 'x', '--ledger', 'l'], 'Use: steward doctor --ledger other')).toBe(
      'Use: steward doctor x --ledger other',
    );
  });

  it('goes to the same store with the AWS CLI: as typed, or else as configured', async () => {
    const restore = 'With: aws s3api restore-object --bucket cold --key k';
    expect(await completed(['audit'], restore)).toBe(`${restore} --endpoint-url https://s3.example.org`);
    expect(await completed(['audit', ...REACH], restore)).toBe(`${restore} --endpoint-url http://localhost:9000`);
    const read = 'With: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET';
    expect(await completed(['audit', ...REACH], `${read} > f`)).toBe(
      `${read} --endpoint-url http://localhost:9000 > f`,
    );
    expect(await completed(['audit', '--region', 'r'], 'aws s3 rm s3://b/k')).toBe('aws s3 rm s3://b/k --region r');
  });

  it('has no region between two buckets, since it would be that of one of them', async () => {
    expect(await completed(['audit', '--region', 'r'], 'aws s3 sync s3://a s3://b')).toBe('aws s3 sync s3://a s3://b');
  });

  it('stays as it is where there is nothing to add, and after init, which writes what was typed into its file', async () => {
    expect(await completed(['audit', 'x'], 'Copy: cp a b')).toBe('Copy: cp a b');
    expect(await completed(['audit', 'x'], 'It is: steward nothing')).toBe('It is: steward nothing');
    expect(await completed(['audit', 'x'], 'See: steward rules')).toBe('See: steward rules');
    expect(await completed(['init', 's3://b'], 'See: steward audit')).toBe('See: steward audit');
  });
});

describe('A document', () => {
  const complete = (text: string): string => text.toUpperCase();

  it('has its sentences and commands completed, and no names', () => {
    const document = { key: 'a', command: 'a', notes: ['a', 1], sentence: null, in: [{ sentence: 'a', url: 'a' }] };
    expect(JSON.parse(completeDocument(JSON.stringify(document), complete))).toEqual({
      key: 'a',
      command: 'A',
      notes: ['A', 1],
      sentence: null,
      in: [{ sentence: 'A', url: 'a' }],
    });
  });

  it('is left alone where it is none', () => {
    expect(completeDocument('sentence', complete)).toBe('sentence');
    expect(completeDocument('{ // with comments\n}', complete)).toBe('{ // with comments\n}');
  });
});
