import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations.ts';
import { SCENARIOS } from './scenarios.ts';
import { buildUnsafeSteward, type Command } from './steward.ts';

/** The suite with real Flink runs seldom. What it switches off must not rot meanwhile. */

let command: Command;
beforeAll(async () => {
  command = await buildUnsafeSteward();
});

describe('The steward without a rule', () => {
  it.each(MUTATIONS)('can be started, and a scenario depends on the rule: $name', async ({ name, scenario, flink }) => {
    const [program = '', ...args] = command;

    const { stdout } = await promisify(execFile)(program, [...args, name, '--version']);

    expect(stdout).toBe('unsafe\n');
    expect(SCENARIOS.find((one) => one.name === scenario)?.flink).toContain(flink);
  });
});
