import { describe, expect, it } from 'vitest';
import { parseConfig } from '#config/steward-config.ts';
import { complaintAboutAws } from './aws-parameters.ts';
import { comparedRequest, hasHome, holds, isRunHere, NOT_RUN, RUN_ELSEWHERE } from './command-homes.ts';
import { blocksOf, isData, PAGES, partsOf, stepsOf, textOf } from './doc-script.ts';

/** What runs the commands of the pages. */
const RUN_BY = 'test/docs/run-pages.test.ts';

/** First lines of blocks that show what is printed, or what another program is given. */
const SAMPLES = [
  '"cost": { "currency": "USD", "pricesOf": "2025-10", "regions": ["eu-central-1"], "regionAssumed": false,',
  '{ "formatVersion": 4, "checkpointId": "14", "kind": "checkpoint",',
  '{ "location": "./copy", "key": "flink/checkpoints/…", "bytes": 123, "verdict": "keep-live", "reason": "…", "rule": "named-by-root",',
  '{ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::123456789012:role/cdk-*" }',
  '{ "result": "stopped", "why": "…", "unfinished": false, "plan": null, "runs": ["20270301T023000000Z-a1b2c"], "parts": 0,',
  '{"at": "2027-03-01T00:00:00Z", "job": "orders", "event": "completed", "checkpointId": 1, "bytes": 1200000000}',
];

const COMMANDS = PAGES.flatMap((page) =>
  stepsOf(page).flatMap(({ at, command }) => partsOf(command).map((part) => [at, part, page] as const)),
);
const DATA = PAGES.flatMap((page) => blocksOf(page).filter(isData));
const REQUESTS = COMMANDS.flatMap(([at, command]) => {
  const request = comparedRequest(command);
  return request === undefined ? [] : [[at, request] as const];
});

describe('Every command in a block of the documents', () => {
  it('is found', () => {
    expect(COMMANDS.length).toBeGreaterThan(80);
  });

  it('is run by a test, or stands in a table that says where else it is', () => {
    const homeless = COMMANDS.filter(([, command]) => !hasHome(command)).map(
      ([at, command]) =>
        `${at}: nothing runs "${command}". Say in RUN_ELSEWHERE of test/docs/command-homes.ts which check does, or in NOT_RUN there why none can.`,
    );
    expect(homeless).toEqual([]);
  });

  it('stands on a page whose commands are run, if it is one of those', () => {
    const pages = new Set([...textOf(RUN_BY).matchAll(/page(?: =|:) '([^']+)'/g)].map(([, page]) => page));
    const idle = COMMANDS.filter(([, command, page]) => isRunHere(command) && !pages.has(page)).map(
      ([at, command]) => `${at}: nothing runs "${command}". Have ${RUN_BY} run that page too.`,
    );
    expect(idle).toEqual([]);
  });

  it.each(Object.entries(RUN_ELSEWHERE))('is run by another check: %s', (_, files) => {
    for (const [file, text] of Object.entries(files)) {
      expect(holds(file, text), `${file} holds ${text}`).toBe(true);
    }
  });

  it('leaves no entry of the tables without a command', () => {
    const known = new Set<string>(COMMANDS.map(([, command]) => command));
    const stale = [...Object.keys(RUN_ELSEWHERE), ...Object.keys(NOT_RUN)].filter((command) => !known.has(command));
    expect(stale).toEqual([]);
  });

  it.each(REQUESTS)('%s: has an operation and parameters that the SDK knows: %s', (_, request) => {
    expect(complaintAboutAws(request)).toBeUndefined();
  });

  it('would be seen to ask AWS for an operation or a parameter that there is not', () => {
    expect(complaintAboutAws('aws lambda invokes --function-name f')).toBe('The SDK knows no lambda Invokes.');
    expect(complaintAboutAws('aws lambda invoke --function f')).toBe('Invoke takes no Function.');
    expect(complaintAboutAws('aws s3api get-bucket-lifecycle-configuration --buckets b')).toBe(
      'GetBucketLifecycleConfiguration takes no Buckets.',
    );
  });
});

describe('Every other block of the documents', () => {
  it('is found', () => {
    expect(DATA.length).toBeGreaterThan(10);
  });

  it('is a configuration that can be used, or is known to show something else', () => {
    const refused = DATA.flatMap(({ at, lines }) => {
      if (SAMPLES.includes(lines[0] ?? '')) return [];
      const text = lines.join('\n');
      try {
        parseConfig(text.startsWith('{') ? text : `{${text}}`, at);
        return [];
      } catch (error) {
        return [
          `${error} If it is no steward.json, name its first line in SAMPLES of test/docs/every-command.test.ts.`,
        ];
      }
    });
    expect(refused).toEqual([]);
  });

  it('leaves no known sample without a block', () => {
    const first = new Set(DATA.map(({ lines }) => lines[0]));
    expect(SAMPLES.filter((line) => !first.has(line))).toEqual([]);
  });
});
