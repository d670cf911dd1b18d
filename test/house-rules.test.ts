import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type Allowance,
  accessOpeners,
  anyTypes,
  deleterImports,
  deletions,
  heavyLoads,
  importCircles,
  impureCalls,
  impureImports,
  machinePaths,
  reached,
  registryHosts,
  type SourceFile,
  strayImports,
  type TopFolders,
  undocumented,
  unkeptPromises,
  upwardImports,
} from '#test/house-rules.ts';
import { isFast, NAMED_PLACES, ordinaryTests } from '#test/suites.ts';

const TOP = fileURLToPath(new URL('..', import.meta.url));

/** The modules that may remove something, each with what it removes. */
const MAY_DELETE: Allowance = new Map([
  ['adapters/local/local-deleter.ts', 'the one deleter of a local area: exact keys, each with its ETag'],
  ['adapters/s3/s3-deleter.ts', 'the one deleter of a bucket: exact keys, each with its ETag, never a version'],
  ['adapters/local/temporary-file.ts', 'takes away the temporary names that it has itself just made'],
  [
    'adapters/ledger/generations.ts',
    "a ledger's own superseded generations and left-over temporary files, by name and age",
  ],
  [
    'adapters/s3/delete-markers.ts',
    'delete markers, by version ids that S3 listed as markers; never a version with content',
  ],
  ['tools/embedded-s3/operation.ts', 'names the requests of S3'],
  ['core/store-honours.ts', 'says what stores make of the requests of S3'],
  ['adapters/s3/s3-probe.ts', 'names the permission in a sentence; it deletes by the one deleter'],
  ['cli/documents/probe.ts', 'describes what stores make of the requests of S3'],
  ['cli/print/probe.ts', 'says what stores make of the requests of S3'],
  ['core/collect/refused-deletions.ts', 'names the permission that is missing'],
  ['infra/permissions.ts', 'names the permissions of S3, and denies most of them'],
  ['functions/build.ts', 'removes the bundles of the build before'],
  ['steward/scratch-folder.ts', 'removes its own temporary folder'],
  ['tools/package/construct.ts', 'removes the construct of the build before'],
  ['tools/package/declarations.ts', 'removes its own temporary folder'],
  ['tools/package/executable.ts', 'removes its own temporary folder'],
  ['tools/bench/memory.ts', 'removes its own temporary folder'],
  ['tools/bench/collecting.ts', 'removes its own temporary folder'],
  ['tools/bench/compare-readers.ts', 'removes its own temporary folder'],
  ['tools/scale/measure-phases.ts', 'removes its own temporary folder'],
  ['tools/package/template.ts', 'removes its own temporary folder'],
  ['tools/spec/run.ts', 'removes its own temporary folder'],
  ['tools/embedded-s3/deleting.ts', 'answers deletions of objects in its own memory'],
]);

/** The modules that may import a deleter or its port. */
const MAY_IMPORT_A_DELETER: Allowance = new Map([
  ['adapters/local/local-deleter.ts', 'is one'],
  ['adapters/s3/s3-deleter.ts', 'is one'],
  ['adapters/s3/s3-probe.ts', 'finds out what it meets, with objects of its own'],
  ['steward/open-access.ts', 'opens the one that fits a location'],
  ['operations/run/apply.ts', 'executes what was judged'],
  ['operations/run/retire.ts', 'withdraws roots by policy'],
  ['operations/run/try-access.ts', 'tries the right to delete, with one object of its own'],
]);

/** The folders of `core/`, the lowest layer first. */
const LAYERS_OF_CORE = [
  ['flink'],
  ['area', 'inventory', 'lifecycle', 'states'],
  ['collect', 'discovery', 'lint'],
  ['retention', 'jobs', 'cost', 'scope', 'guard', 'shards'],
  ['signals'],
  ['slack', 'bill'],
];
/** The folders of `operations/`, the lowest layer first. */
const LAYERS_OF_OPERATIONS = [
  ['ledger'],
  ['look', 'discovery', 'verification'],
  ['scope', 'states'],
  ['bucket-rules'],
  ['report'],
  ['plan', 'jobs'],
  ['run'],
  ['guard'],
  ['shards'],
];

const PRODUCT = ['core/', 'ports/', 'operations/', 'adapters/', 'config/', 'report/', 'steward/'];

/** Which way imports lead: down. Whatever a folder does not name here, and is not it itself, it knows nothing of. */
const TOP_FOLDERS: TopFolders = {
  core: [],
  ports: ['core/'],
  config: ['core/'],
  operations: ['core/', 'ports/'],
  adapters: ['core/', 'ports/', 'config/'],
  report: ['core/', 'operations/'],
  steward: PRODUCT,
  cli: ['core/', 'config/', 'ports/', 'report/', 'steward/'],
  functions: ['core/', 'config/', 'ports/', 'steward/'],
  // Of the functions their names and surroundings, and what bundles them.
  infra: ['core/', 'config/', 'functions/shared/', 'functions/build.ts'],
  // What others copy: it knows the packages that it names.
  examples: [],
  tools: [...PRODUCT, 'cli/', 'functions/', 'infra/', 'test/support/', 'test/s3-contract/'],
  test: [...PRODUCT, 'cli/', 'functions/', 'infra/', 'tools/', 'cdk.json'],
};

/** Single imports beside these, each with its reason. */
const BESIDE_THEM: Allowance = new Map([
  ['functions/build.ts: imports report/bundle-page.ts', 'bundles the page that functions write'],
  ['infra/find-versioned-buckets.ts: imports steward/versioned-buckets.ts', 'asks the buckets at synthesis'],
  ['infra/guard-events.ts: imports adapters/s3/notification-entry.ts', 'the one text of that rule of a bucket'],
  ['infra/deployed-resource.ts: imports adapters/s3/notification-entry.ts', 'what a bucket can tell'],
  ['infra/checkpoint-events.ts: imports adapters/s3/notification-entry.ts', 'the one text of that rule of a bucket'],
  ...[
    'ledger/hazards',
    'ledger/incidents',
    'ledger/job-histories',
    'ledger/jobs-document',
    'ledger/lost-objects',
    'ledger/newest-restore-points',
    'ledger/remembered-states',
    'ledger/report-file',
    'ledger/told-alarms',
  ].map((module) => [`infra/permissions.ts: imports operations/${module}.ts`, 'names a key of the ledger'] as const),
]);

/** The modules that open what deletes in a location: those that are told to execute a plan, or to retire. */
const MAY_OPEN_ACCESS: Allowance = new Map([
  ['steward/open-access.ts', 'is it'],
  ['cli/run-area.ts', 'runs with --execute'],
  ['steward/doctor/writing.ts', 'tries the rights, with --write'],
  ['functions/sweep/handler.ts', 'is the one function with the right to delete'],
  ['functions/sweep/shard-item.ts', 'is a part of it'],
]);

/** Everything that is committed or would be by `git add --all`. */
function committedFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: TOP });
  return (
    listed
      .toString('utf8')
      .split('\0')
      // A file that is deleted but not yet committed as such is still listed.
      .filter((path) => path !== '' && existsSync(`${TOP}${path}`) && statSync(`${TOP}${path}`).isFile())
      // Byte by byte, so that text inside binary files is seen too.
      .map((path) => ({ path, text: readFileSync(`${TOP}${path}`, 'latin1') }))
  );
}

const FILES = committedFiles();
/** The rules and their samples name what they forbid. */
const OTHERS = FILES.filter(({ path }) => !path.startsWith('test/house-rules.'));
const SOURCES = OTHERS.filter(({ path }) => /\.[cm]?[jt]s$/.test(path));
/** What users run. Tests clean up after themselves and exercise the deleters. */
const SHIPPED = SOURCES.filter(({ path }) => !path.startsWith('test/'));

function file(path: string, text: string): SourceFile[] {
  return [{ path, text }];
}

describe('The repository', () => {
  it('is seen by these tests', () => {
    expect(FILES.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['package.json', 'core/collect/settings.ts', 'test/house-rules.test.ts']),
    );
    expect(SHIPPED.some(({ path }) => path.startsWith('core/'))).toBe(true);
  });

  it('keeps core free of imports from outside core', () => {
    expect(impureImports(SOURCES)).toEqual([]);
  });

  it('has imports between top folders that lead down only', () => {
    expect(strayImports(SOURCES, TOP_FOLDERS).filter((line) => !BESIDE_THEM.has(line))).toEqual([]);
  });

  it('lists no import beside them that nobody needs', () => {
    const stray = strayImports(SOURCES, TOP_FOLDERS);
    expect([...BESIDE_THEM.keys()].filter((line) => !stray.includes(line))).toEqual([]);
  });

  it('loads no server, no process and no compiler for the fast tests', () => {
    expect(ordinaryTests().filter(isFast).length).toBeGreaterThan(100);
    expect(heavyLoads(SOURCES, isFast)).toEqual([]);
  });

  it('names only places in its list of fast tests that there are', () => {
    const idle = NAMED_PLACES.filter((place) => !FILES.some(({ path }) => path.startsWith(place)));
    expect(idle).toEqual([]);
  });

  it('keeps core free of clocks, chance and surroundings', () => {
    expect(impureCalls(SOURCES)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(importCircles(SHIPPED)).toEqual([]);
  });

  it.each([
    ['core', LAYERS_OF_CORE],
    ['operations', LAYERS_OF_OPERATIONS],
  ])('imports only downwards between the folders of %s', (top, layers) => {
    expect(upwardImports(SHIPPED, top, layers)).toEqual([]);
  });

  it('shares nothing between the judge of runs and what decides but the reader of roots', () => {
    const ofTheJudge = reached(SHIPPED, (path) => path.startsWith('operations/verification/'));
    const ofTheSteward = ofTheJudge.filter((path) => path.startsWith('core/'));
    const allowed = reached(SHIPPED, (path) => path === 'core/flink/metadata/read-metadata.ts');
    expect(ofTheSteward.filter((path) => !allowed.includes(path))).toEqual([]);
    expect(allowed.filter((path) => path.startsWith('core/collect/'))).toEqual([]);
    expect(ofTheJudge.filter((path) => /^operations\/(?!ledger\/|verification\/)/.test(path))).toEqual([]);
  });

  it('removes nothing outside the deleter', () => {
    expect(deletions(SHIPPED, MAY_DELETE)).toEqual([]);
  });

  it('gives the deleter to nobody but those who execute', () => {
    expect(deleterImports(SHIPPED, MAY_IMPORT_A_DELETER)).toEqual([]);
  });

  it('opens access to delete for nothing that only looks or declares', () => {
    expect(accessOpeners(SHIPPED, MAY_OPEN_ACCESS)).toEqual([]);
    expect(accessOpeners(SHIPPED, new Map())).toHaveLength(MAY_OPEN_ACCESS.size);
  });

  it('lists no permission to delete that nobody uses', () => {
    const permitted = SHIPPED.filter(({ path }) => MAY_DELETE.has(path));
    const idle = permitted.filter((source) => deletions([source], new Map()).length === 0);
    expect(idle.map(({ path }) => path)).toEqual([]);
  });

  it('says of each exported function and class what it does, where others build on it', () => {
    const built = SHIPPED.filter(({ path }) => /^(?:core|operations|ports|steward)\//.test(path));
    expect(undocumented(built)).toEqual([]);
  });

  it('has no any', () => {
    expect(anyTypes(SOURCES)).toEqual([]);
  });

  it('puts nothing off in its sources', () => {
    expect(unkeptPromises(SOURCES)).toEqual([]);
  });

  it('names no path of a single machine', () => {
    expect(machinePaths(OTHERS)).toEqual([]);
  });

  it('is tied to no package registry', () => {
    expect(registryHosts(FILES)).toEqual([]);
  });
});

describe('The rule on imports of core', () => {
  it.each([
    ["import { readFile } from 'node:fs/promises';", 'node:fs/promises'],
    ["import type { ObjectStore } from '#ports/object-store.ts';", '#ports/object-store.ts'],
    ["import {\n  a,\n  b,\n} from '../../adapters/local/x.ts';", '../../adapters/local/x.ts'],
    ["import '../../cli/main.ts';", '../../cli/main.ts'],
    ["export * from 'zod';", 'zod'],
    ["const z = await import('zod');", 'zod'],
    ["import { x } from '#coreutils/x.ts';", '#coreutils/x.ts'],
  ])('rejects %j', (text, specifier) => {
    expect(impureImports(file('core/collect/x.ts', text))).toEqual([`core/collect/x.ts: imports ${specifier}`]);
  });

  it.each([
    "import { y } from './y.ts';",
    "import { y } from '../flink/y.ts';",
    "import type { Y } from '#core/flink/y.ts';",
    "export { y } from './y.ts';",
  ])('accepts %j', (text) => {
    expect(impureImports(file('core/collect/x.ts', text))).toEqual([]);
  });

  it('leaves other folders alone', () => {
    expect(impureImports(file('cli/x.ts', "import 'node:fs';"))).toEqual([]);
  });
});

describe('The rule on circles of imports', () => {
  const a = "import type { B } from './b.ts';";
  const b = "import { c } from '#core/x/c.ts';";

  it('finds one through three files, by a type and a dynamic import too', () => {
    const files = [
      { path: 'core/a.ts', text: a },
      { path: 'core/b.ts', text: b },
      { path: 'core/x/c.ts', text: "const { a } = await import('../a.ts');" },
    ];
    expect(importCircles(files)).toEqual(['core/a.ts → core/b.ts → core/x/c.ts → core/a.ts']);
  });

  it('finds one that leads over itself, and each of two once', () => {
    const files = [
      { path: 'cli/d.ts', text: "export { e } from './e.ts';" },
      { path: 'cli/e.ts', text: "import { d } from './d.ts';" },
      { path: 'cli/f.ts', text: "import { f } from './f.ts';" },
    ];
    expect(importCircles(files)).toEqual(['cli/d.ts → cli/e.ts → cli/d.ts', 'cli/f.ts → cli/f.ts']);
  });

  it('accepts two ways to one file, and what leads into a package', () => {
    const files = [
      { path: 'core/a.ts', text: `${a}\nimport { c } from './x/c.ts';` },
      { path: 'core/b.ts', text: b },
      { path: 'core/x/c.ts', text: "import * as z from 'zod';" },
    ];
    expect(importCircles(files)).toEqual([]);
  });
});

describe('The rule on layers', () => {
  const layers = [['flink'], ['area', 'jobs']];
  const found = (path: string, text: string) =>
    upwardImports(
      [
        { path, text },
        { path: 'core/area/y.ts', text: '' },
        { path: 'core/flink/y.ts', text: '' },
        { path: 'core/y.ts', text: '' },
      ],
      'core',
      layers,
    );

  it.each([
    ['core/flink/x.ts', "import type { Y } from '../area/y.ts';", 'imports core/area/y.ts'],
    ['core/jobs/x.ts', "import { y } from '#core/area/y.ts';", 'imports core/area/y.ts'],
    ['core/x.ts', "import { y } from './flink/y.ts';", 'imports core/flink/y.ts'],
    ['core/novel/x.ts', '', 'in no layer'],
  ])('rejects %s: %j', (path, text, why) => {
    expect(found(path, text)).toEqual([`${path}: ${why}`]);
  });

  it.each([
    ['core/area/x.ts', "import { y } from './y.ts';"],
    ['core/area/x.ts', "import { y } from '../flink/y.ts';"],
    ['core/flink/x.ts', "import { y } from '#core/y.ts';"],
    ['cli/x.ts', "import { y } from '#core/area/y.ts';"],
  ])('accepts %s: %j', (path, text) => {
    expect(found(path, text)).toEqual([]);
  });
});

describe('The rule on imports between top folders', () => {
  const layers: TopFolders = { core: [], ports: ['core/'], infra: ['functions/shared/'] };

  it.each([
    ['core/x.ts', "import type { A } from '#ports/a.ts';", 'imports ports/a.ts'],
    ['core/area/x.ts', "import { a } from '../../ports/a.ts';", 'imports ports/a.ts'],
    ['ports/x.ts', "export * from '#operations/a.ts';", 'imports operations/a.ts'],
    ['infra/x.ts', "const a = await import('#functions/sweep/a.ts');", 'imports functions/sweep/a.ts'],
    ['attic/x.ts', '', 'attic/ has no layer'],
  ])('rejects in %s %j', (path, text, found) => {
    expect(strayImports(file(path, text), layers)).toEqual([`${path}: ${found}`]);
  });

  it.each([
    ['core/area/x.ts', "import { a } from '../flink/a.ts';"],
    ['core/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['ports/x.ts', "import type { A } from '#core/a.ts';"],
    ['infra/x.ts', "import { a } from '#functions/shared/a.ts';"],
    ['vitest.config.ts', "import { a } from './test/a.ts';"],
  ])('accepts in %s %j', (path, text) => {
    expect(strayImports(file(path, text), layers)).toEqual([]);
  });
});

describe('The rule on what fast tests load', () => {
  const load = (...texts: readonly string[]) =>
    heavyLoads(
      texts.map((text, number) => ({ path: `test/${number}.ts`, text })),
      (path) => path === 'test/0.ts',
    );

  it('rejects a server, a process, a compiler, and whatever leads to one', () => {
    expect(load("import { createServer } from 'node:http';\ncreateServer();")).toEqual(['test/0.ts > node:http']);
    expect(load("import { build } from 'esbuild';\nbuild();")).toEqual(['test/0.ts > esbuild']);
    expect(load("import './1.ts';", "export * from '#test/2.ts';", "await import('node:child_process');")).toEqual([
      'test/0.ts > test/1.ts > test/2.ts > node:child_process',
    ]);
  });

  it('accepts types, files, and what others load', () => {
    expect(load("import type { S3Client } from '@aws-sdk/client-s3';\nexport type A = S3Client;")).toEqual([]);
    expect(load("import 'node:fs';\nimport './1.ts';", "import './0.ts';", "import 'node:net';")).toEqual([]);
  });
});

describe('The rule on calls in core', () => {
  it.each([
    ['const t = Date.now();', 'Date.now'],
    ['const t = new Date();', 'new Date()'],
    ['const t = Date();', 'Date('],
    ['const t = performance.now();', 'performance.now'],
    ['const r = Math.random();', 'Math.random'],
    ['const id = crypto.randomUUID();', 'crypto.randomUUID'],
    ['const e = process.env;', 'process.env'],
    ['setTimeout(f, 1);', 'setTimeout'],
    ["const a = fetch('x');", 'fetch('],
  ])('rejects %j', (text, found) => {
    expect(impureCalls(file('core/x.ts', text))).toEqual([`core/x.ts: ${found}`]);
  });

  it.each([
    '// never Date.now(): time is a parameter\nexport const a = 1;',
    '/** Not of this process.env, nor of setTimeout. */\nexport const a = 1;',
    'export const iso = (ms: number) => new Date(ms).toISOString();',
    "export const a = 'the end of the process. Then';",
  ])('accepts %j', (text) => {
    expect(impureCalls(file('core/x.ts', text))).toEqual([]);
  });
});

describe('The rule on deletions', () => {
  it.each([
    ["import { unlink } from 'node:fs/promises';\nawait unlink(path);", ['unlink', 'unlink']],
    ["import { rm as tidy } from 'node:fs/promises';\nawait tidy(path);", ['rm']],
    ["import * as fs from 'node:fs';\nfs.rmSync(path);", ['rmSync']],
    ["import * as fs from 'node:fs';\nfs.promises.rmdir(path);", ['rmdir']],
    ['await client.send(new DeleteObjectsCommand(input));', ['DeleteObjectsCommand']],
    ['await s3.send(new DeleteObjectCommand(input));', ['DeleteObjectCommand']],
  ])('rejects %j', (text, found) => {
    expect(deletions(file('operations/x.ts', text), new Map())).toEqual(
      found.map((name) => `operations/x.ts: ${name}`),
    );
  });

  it('accepts words about deletion', () => {
    const text = '// rm(path) would be wrong here\nexport const form = inform(alarm(1));';
    expect(deletions(file('operations/x.ts', text), new Map())).toEqual([]);
  });

  it('accepts them in a module that is listed, and in no other', () => {
    const text = "import { unlink } from 'node:fs/promises';\nawait unlink(path);";
    const listed = new Map([['adapters/local/local-deleter.ts', 'a reason']]);
    expect(deletions(file('adapters/local/local-deleter.ts', text), listed)).toEqual([]);
    expect(deletions(file('adapters/local/local-store.ts', text), listed)).not.toEqual([]);
  });
});

describe('The rule on who imports a deleter', () => {
  it.each([
    "import { LocalDeleter } from '#adapters/local/local-deleter.ts';",
    "import type { LocalDeleter } from '../adapters/local/local-deleter.ts';",
    "const { LocalDeleter } = await import('#adapters/local/local-deleter.ts');",
  ])('rejects %j', (text) => {
    expect(deleterImports(file('cli/x.ts', text), new Map())).toHaveLength(1);
  });

  it('accepts a listed user', () => {
    const text = "import { LocalDeleter } from '#adapters/local/local-deleter.ts';";
    expect(
      deleterImports(file('operations/run/apply.ts', text), new Map([['operations/run/apply.ts', 'acts']])),
    ).toEqual([]);
  });

  it('accepts the port', () => {
    const text = "import type { GuardedDeleter } from '#ports/object-store.ts';";
    expect(deleterImports(file('operations/run/apply.ts', text), new Map())).toEqual([]);
  });
});

describe('The rule on docstrings', () => {
  it.each([
    ['export function f(): void {}', 'f'],
    ['/** What the file is about. */\n\nexport class C {}', 'C'],
    ["import './x.ts';\nexport async function f(): Promise<void> {}", 'f'],
    ['// no docstring\nexport function* g(): Generator<void> {}', 'g'],
    ['/** It. */\nexport function f(): void;\nexport abstract class D {}', 'D'],
  ])('rejects %j', (text, name) => {
    expect(undocumented(file('core/x.ts', text))).toEqual([`core/x.ts: ${name}`]);
  });

  it.each([
    '/** It. */\nexport function f(): void {}',
    '/**\n * It.\n */\nexport async function f(): Promise<void> {}',
    '/** It. */\nexport function f(a: string): void;\nexport function f(a: number): void;',
    'function f(): void {}',
    'export interface I {}',
    "export { f } from './x.ts';",
  ])('accepts %j', (text) => {
    expect(undocumented(file('core/x.ts', text))).toEqual([]);
  });
});

describe('The rule on any', () => {
  it.each([
    'function f(x: any) {}',
    'let x: any;',
    'const x: any = 1;',
    'const x = y as any;',
    'const m = new Map<string, any>();',
    'const m: Array<any> = [];',
    'let l: any[] = [];',
    'let u: string | any;',
    'type F = () => any;',
    'let x: any\n',
  ])('rejects %j', (text) => {
    expect(anyTypes(file('core/x.ts', text))).not.toEqual([]);
  });

  it.each([
    "const message = 'any other error: any object stays';",
    '// as any reader sees\nconst many = 1;',
    'const x: anything = 1;',
    'expect.any(Number);',
  ])('accepts %j', (text) => {
    expect(anyTypes(file('core/x.ts', text))).toEqual([]);
  });
});

describe('The rule on unkept promises', () => {
  it.each([
    ['// TODO: later', 'TODO'],
    ['// FIXME', 'FIXME'],
    ['// good enough for now.', 'for now'],
    ['/* For now it is. */', 'For now'],
  ])('rejects %j', (text, found) => {
    expect(unkeptPromises(file('core/x.ts', text))).toEqual([`core/x.ts: ${found}`]);
  });

  it.each(['// asks the store for now()', '// for nowhere'])('accepts %j', (text) => {
    expect(unkeptPromises(file('core/x.ts', text))).toEqual([]);
  });
});

describe('The rule on paths of a machine', () => {
  it.each([
    ['see /work/main/core', '/work/main'],
    ["const dir = '/tmp/flink-checkpoints';", '/tmp/flink-checkpoints'],
    ['file:///tmp/flink/x', '/tmp/flink'],
    ['/root/.npmrc', '/root/.npmrc'],
    ['/home/someone/project', '/home/someone/project'],
  ])('rejects %j', (text, found) => {
    expect(machinePaths(file('docs/x.md', text))).toEqual([`docs/x.md: ${found}`]);
  });

  it.each(['https://example.org/work/x', 'lib/work/x', '/opt/flink/checkpoints', '/tmp/x'])('accepts %j', (text) => {
    expect(machinePaths(file('docs/x.md', text))).toEqual([]);
  });
});

describe('The rule on registries', () => {
  it('rejects a lock file that says where packages came from', () => {
    const text = '{ "resolved": "https://registry.example.org/a.tgz" }';
    expect(registryHosts(file('package-lock.json', text))).toEqual([
      'package-lock.json: "resolved": "https://registry.example.org/a.tgz"',
    ]);
  });

  it('rejects an .npmrc that names a registry', () => {
    expect(registryHosts(file('.npmrc', 'save-exact=true\n@a:registry=https://r.example.org/\n'))).toEqual([
      '.npmrc: @a:registry=https://r.example.org/',
    ]);
  });

  it('accepts the setting that keeps them out', () => {
    expect(registryHosts(file('.npmrc', 'omit-lockfile-registry-resolved=true\n'))).toEqual([]);
  });
});
