import { spawnSync } from 'node:child_process';
import { SURROUNDINGS } from './measured-process.ts';

/** The system tells whoever waited for a process what its peak was; Node does not pass that on, and Python does. */
const WAIT = `
import os, sys
with open(os.devnull, "w") as nothing:
    process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), 1)])
_, status, usage = os.wait4(process, 0)
print(usage.ru_maxrss if status == 0 else "failed")
`;

/** The peak of memory of a program, in MiB, which runs for that alone; null where there is no Python to tell it. */
export function peakMemory(command: readonly string[]): number | null {
  const { status, stdout } = spawnSync('python3', ['-c', WAIT, ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...SURROUNDINGS },
  });
  const kibibytes = Number(stdout);
  return status !== 0 || Number.isNaN(kibibytes) ? null : Math.round(kibibytes / 1024);
}
