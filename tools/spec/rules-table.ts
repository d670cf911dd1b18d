import { readdirSync, readFileSync } from 'node:fs';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import { RETENTION_RULES } from '#core/retention/decide.ts';
import { rulesIn } from './witnesses.ts';

/** The table in docs/safety.md: where each rule of the specification is found. */

const TOP = new URL('../../', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, TOP), 'utf8');

/** The modules of the specification that have rules, the one that most are in first. */
const MODULES = ['rules.qnt', 'steward.qnt'];

/** A rule of the specification, and where else it is. Paths are from the top of the repository. */
export interface SpecifiedRule {
  readonly rule: string;
  /** `rules.qnt`, and the first line that asks for it, from 1. */
  readonly module: string;
  readonly line: number;
  readonly code: Code;
  /** Tests that fail without it in the code. */
  readonly tests: readonly string[];
  readonly worlds: readonly World[];
}

/** A small world in which something is lost without the rule. */
interface World {
  readonly name: string;
  /** From the top of the repository. */
  readonly file: string;
}

/** A function or class in the code. */
export interface Code {
  readonly name: string;
  readonly file: string;
}

const WORLD_FILES = 'test/exhaustive/worlds/';
const MUTATIONS = 'test/model/mutations.test.ts';
const SCENARIOS = 'test/core/collect/judge.test.ts';
const RETENTION = 'test/core/retention/keep-reasons.test.ts';

/** The rules that are steps of a run, and no rows in the tables of judgement and of retention. */
const STEPS: Readonly<Record<string, Pick<SpecifiedRule, 'code' | 'tests'>>> = {
  'second-round': {
    code: { name: 'RootSweep', file: 'operations/look/root-rounds.ts' },
    tests: ['test/operations/look/reading-order.test.ts'],
  },
  contradiction: {
    code: { name: 'RootSweep', file: 'operations/look/root-rounds.ts' },
    tests: ['test/operations/look/lying-stores.test.ts', MUTATIONS],
  },
  'read-etags': {
    code: { name: 'readRoot', file: 'operations/look/read-root.ts' },
    tests: ['test/operations/look/lying-stores.test.ts', MUTATIONS],
  },
  'changelog-ownership': {
    code: { name: 'rootlessDirectories', file: 'core/collect/rootless-directories.ts' },
    tests: ['test/core/collect/rootless-directories.test.ts', MUTATIONS],
  },
  'read-again': {
    code: { name: 'Recheck', file: 'operations/run/apply.ts' },
    tests: ['test/operations/run/apply.test.ts'],
  },
  pause: {
    code: { name: 'Recheck', file: 'operations/run/apply.ts' },
    tests: ['test/operations/run/stopping.test.ts', MUTATIONS],
  },
  etags: {
    code: { name: 'S3Deleter', file: 'adapters/s3/s3-deleter.ts' },
    tests: ['test/adapters/s3/s3-deleter.test.ts', 'test/operations/run/retire.test.ts'],
  },
  markers: {
    code: { name: 'AreaMarkers', file: 'operations/run/area-markers.ts' },
    tests: ['test/operations/run/area-markers.test.ts', MUTATIONS],
  },
  'pins-again': {
    code: { name: 'retire', file: 'operations/run/retire.ts' },
    tests: ['test/operations/run/stopping.test.ts'],
  },
};

const KEEPING = ['core/collect/keeping.ts', 'core/collect/cutoffs.ts'];
const REASONS = 'core/retention/keep-reasons.ts';

/** Every rule of the specification, in its order. */
export function specifiedRules(): readonly SpecifiedRule[] {
  return MODULES.flatMap((module) =>
    [...rulesIn(textOf(`spec/${module}`))].map(([rule, line]) => ({
      rule,
      module,
      line,
      ...elsewhere(rule),
      worlds: worldsOf(rule),
    })),
  );
}

/** The tests of the model that switch this rule off alone. */
function played(rule: string): readonly string[] {
  return textOf(MUTATIONS).includes(`{ rule: '${rule}',`) ? [MUTATIONS] : [];
}

/** The small worlds in which something is lost without a rule. */
function worldsOf(rule: string): readonly World[] {
  // There the whole run may disregard that the area is undecidable, and not its judgement alone.
  const off = rule === 'undecidable-area' ? 'undecidable' : rule;
  return readdirSync(new URL(WORLD_FILES, TOP)).flatMap((file) => {
    const [, ...worlds] = textOf(WORLD_FILES + file).split(/^ {4}name: '/m);
    return worlds
      .filter((world) => world.includes(`rule: '${off}'`))
      .map((world) => ({ name: world.slice(0, world.indexOf("'")), file: WORLD_FILES + file }));
  });
}

function elsewhere(rule: string): Pick<SpecifiedRule, 'code' | 'tests'> {
  const judgement = JUDGEMENTS.find((each) => each.rule === rule);
  if (judgement !== undefined) {
    const { name } = judgement.applies;
    const file = KEEPING.find((each) => textOf(each).includes(`function ${name}(`));
    return { code: { name, file: file ?? '' }, tests: [SCENARIOS, ...played(rule)] };
  }
  const retention = RETENTION_RULES.find((each) => `retain: ${each.rule}` === rule);
  if (retention !== undefined) {
    return { code: { name: retention.keeps.name, file: REASONS }, tests: [RETENTION, ...played(rule)] };
  }
  const step = STEPS[rule];
  if (step === undefined) {
    throw new Error(`The specification has the rule ${rule}, of which nothing says where it is in the code.`);
  }
  return step;
}

function rowOf({ rule, module, line, code, tests, worlds }: SpecifiedRule): string {
  const story = rule.replaceAll(/[^\w -]/g, '').replaceAll(' ', '-');
  const links = [
    ...tests.map((test) => `[${test.slice(test.lastIndexOf('/') + 1)}](../${test})`),
    ...worlds.map(({ name, file }) => `[world “${name}”](../${file})`),
  ];
  return `| \`${rule}\` | [line ${line}](../spec/${module}#L${line}) | [story](../spec/stories.md#${story}) | [\`${code.name}\`](../${code.file}) | ${links.join(', ')} |`;
}

/** The page with the rows of its table as they should be. */
export function withRows(page: string): string {
  const rows = specifiedRules().map((rule) => `${rowOf(rule)}\n`);
  return page.replace(/(?:^\| `.*\]\(\.\.\/spec\/.*\n)+/m, rows.join(''));
}
