import { describe, expect, it } from 'vitest';
import { steward } from './steward.ts';

const COMMANDS = [
  ...['init', 'audit', 'plan', 'explain', 'restore-points', 'inspect', 'states', 'verify'],
  ...['collect', 'apply', 'retire', 'undo', 'pin', 'unpin', 'declare-dead', 'pause', 'resume', 'history', 'verify-run'],
  ...['status', 'watch', 'doctor', 'probe'],
  ...['signals', 'slack-preview'],
];

describe('Help', () => {
  it('names every command, what it does, and the exit statuses', async () => {
    const { status, out, err } = await steward('/', ['--help']);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('Nothing is deleted without --execute');
    expect(out).toContain(
      'Exit status: 0 success, 1 findings, 2 wrong usage or configuration, 3 undecidable or unreadable.',
    );
    expect([...out.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map((match) => match[1])).toEqual(COMMANDS);
  });

  it.each(COMMANDS)('of %s has examples that begin with the command, and its flags', async (command) => {
    const { status, out, err } = await steward('/', [command, '--help']);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    const examples = out.slice(out.indexOf('Examples:')).split('\n').slice(1);
    expect(examples.filter((line) => line.includes(`steward ${command} `)).length).toBeGreaterThanOrEqual(2);
    expect(out).toMatch(/--json\s+print one JSON document on stdout, and nothing else/);
    expect(out).toContain('--debug');
  });

  it.each([80, 120])('fits %i columns, but for examples, which are to be copied', async (columns) => {
    for (const command of COMMANDS) {
      const { out } = await steward('/', [command, '--help'], columns);

      const text = out.slice(0, out.indexOf('Examples:'));
      expect(text.split('\n').filter((line) => line.length > columns)).toEqual([]);
    }
  });

  it('is what a call without a command prints, as wrong usage', async () => {
    const { status, out, err } = await steward('/', []);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain('Usage: steward');
  });

  it('is had by the command help, too', async () => {
    expect(await steward('/', ['help', 'plan'])).toEqual(await steward('/', ['plan', '--help']));
    expect(await steward('/', ['help', 'rules', 'check'])).toEqual(await steward('/', ['rules', 'check', '--help']));
    expect(await steward('/', ['help'])).toEqual(await steward('/', ['--help']));
  });

  it('has no example that executes what comes from a report', async () => {
    const { out } = await steward('/', ['restore-points', '--help']);

    expect(out).toContain("| jq -r '.jobs[0].newest.command // empty'\n");
    expect(out).not.toContain('$(');
  });

  it('tells the version', async () => {
    expect(await steward('/', ['--version'])).toEqual({ status: 0, out: 'development\n', err: '' });
  });
});
