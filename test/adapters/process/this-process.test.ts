import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type ProcessFiles, thisProcess } from '#adapters/process/this-process.ts';

/** A machine on which these processes run, each since its moment. */
function machine(running: Readonly<Record<number, string>>, changes: Partial<ProcessFiles> = {}): ProcessFiles {
  const all = { [process.pid]: '100', ...running };
  return { boot: () => 'boot-1', space: () => 'pid:[1]', began: (pid) => all[pid] ?? '', ...changes };
}

const fails = (): never => {
  throw new Error('EACCES');
};

describe('A process', () => {
  it('is named by boot, number space, number and beginning', () => {
    expect(thisProcess(machine({})).self).toEqual({
      host: hostname(),
      process: `boot-1/pid:[1]/${process.pid}/100`,
    });
  });

  it.each(['boot', 'space', 'began'] as const)('has no name where the system does not tell its %s', (what) => {
    const { self, hasEnded } = thisProcess(machine({}, { [what]: fails }));

    expect(self).toEqual({ host: hostname(), process: null });
    expect(hasEnded({ host: hostname(), process: 'boot-1/pid:[1]/7/1' })).toBe(false);
  });
});

describe('Whether another process has ended', () => {
  const { hasEnded, self } = thisProcess(machine({ 7: '200', 8: '' }));
  const of = (name: string | null, host = hostname()) => hasEnded({ host, process: name });

  it('is certain where its number is nobody’s, another one’s, or a dead one’s', () => {
    expect(of('boot-1/pid:[1]/9/200')).toBe(true);
    expect(of('boot-1/pid:[1]/7/150')).toBe(true);
    expect(of('boot-1/pid:[1]/8/200')).toBe(true);
  });

  it('is not said of one that runs, nor of this one', () => {
    expect(of('boot-1/pid:[1]/7/200')).toBe(false);
    expect(hasEnded(self)).toBe(false);
  });

  it.each([
    ['of another machine', 'boot-1/pid:[1]/9/200', 'elsewhere'],
    ['of another boot, which may be a machine of the same name', 'boot-2/pid:[1]/9/200', hostname()],
    ['of another container', 'boot-1/pid:[2]/9/200', hostname()],
    ['without a name', null, hostname()],
  ])('is never known of one %s', (_, name, host) => {
    expect(of(name, host)).toBe(false);
  });

  it('is not known where the system hides it', () => {
    let hides = false;
    const files = machine({}, { began: (pid) => (hides && pid === 7 ? fails() : '100') });
    const holders = thisProcess(files);
    hides = true;

    expect(holders.hasEnded({ host: hostname(), process: 'boot-1/pid:[1]/7/100' })).toBe(false);
  });
});

describe('On this machine', () => {
  it('a child process is seen to run and to have ended, wherever the system says so', async () => {
    // Prepare: the name of the child is that of this process, with its own number and beginning.
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `const { readFileSync } = await import('node:fs');
       const stat = readFileSync('/proc/self/stat', 'utf8');
       console.log(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
       setInterval(() => {}, 1000);`,
    ]);
    const { self, hasEnded } = thisProcess();
    const [text] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])]);
    const began = String(text).trim();
    const [boot, space] = (self.process ?? '').split('/');
    const holder = { host: self.host, process: `${boot}/${space}/${child.pid}/${began}` };

    // Act
    const before = hasEnded(holder);
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const after = hasEnded(holder);

    // Assess
    expect(before).toBe(false);
    expect(after).toBe(self.process !== null);
    expect(hasEnded(self)).toBe(false);
  });
});
