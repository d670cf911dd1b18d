import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder, Holders } from '#ports/holder.ts';

/**
 * Who this process is, and whether another one of this machine has ended. A process number alone says little: it is
 * used again, and each container counts its own. So a process is named by the machine's boot, the space its number is
 * counted in, the number, and the moment it began (Linux: proc(5)). Where that can't be read, nobody is ever said to
 * have ended.
 */
export function thisProcess(files: ProcessFiles = linuxFiles): Holders {
  const self: Holder = { host: hostname(), process: nameOf(process.pid, files) };
  return {
    self,
    hasEnded: (holder) => {
      if (holder.process === null || self.process === null || holder.host !== self.host) {
        return false;
      }
      const [boot, space, number] = holder.process.split('/');
      const [ourBoot, ourSpace] = self.process.split('/');
      // In another space the same number is another process; and two machines may bear one name, so that another boot
      // may as well be another machine that is running.
      const now = boot === ourBoot && space === ourSpace ? nameOf(Number(number), files) : null;
      return now !== null && now !== holder.process;
    },
  };
}

/** What tells one process from another; each throws where the system does not say. */
export interface ProcessFiles {
  boot(): string;
  space(): string;
  /** When that process began, in whatever unit; empty where there is none, or one that has ended. */
  began(pid: number): string;
}

const linuxFiles: ProcessFiles = {
  boot: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  space: () => readlinkSync('/proc/self/ns/pid'),
  began: (pid) => {
    // With `hidepid` a running process of somebody else has no files; a signal still finds it.
    if (!isRunning(pid)) {
      return '';
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may hold anything; the state follows, and the start time as the
    // 20th field after the name.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
    return hasEnded ? '' : (fields[19] ?? '');
  },
};

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Of a number that no running process has: a name that none bears, nor one that has ended and waits for its parent. */
function nameOf(pid: number, files: ProcessFiles): string | null {
  try {
    return `${files.boot()}/${files.space()}/${pid}/${files.began(pid)}`;
  } catch {
    return null;
  }
}
