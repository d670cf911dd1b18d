import { isDeepStrictEqual } from 'node:util';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { SAVEPOINT_FILES } from '#infra/permissions.ts';
import type { AwsCall } from './aws-call.ts';
import { LEDGER, PREFIX, PURPOSES, type Purpose, STATE } from './command-calls.ts';
import type { RoleStatement } from './simulated-role.ts';

/**
 * The policies of examples/iam, made from what the commands ask of S3: each call is widened from the object that it was
 * about to all objects of that kind, and nothing else is allowed.
 */

export type PolicyName = Purpose | 'ledger';

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly RoleStatement[];
}

/** Objects that a statement is about; the first one that fits a key is its kind. */
interface Kind {
  readonly sid: string;
  /** Of ARNs. */
  readonly pattern: RegExp;
  readonly resources: readonly string[];
}

const S3 = 'arn:aws:s3:::';
const PROBES = '.flink-steward-probe-';

/** Each is followed by those that include it. */
const KINDS: readonly Kind[] = [
  kind('Ledger', `^${S3}${LEDGER}/${PREFIX}/`, `${LEDGER}/${PREFIX}/*`),
  kind('ListLedger', `^${S3}${LEDGER}$`, LEDGER),
  kind('Bucket', `^${S3}${STATE}$`, STATE),
  kind('MarkerAbove', `^${S3}${STATE}/${literal(MARKER_NAME)}$`, `${STATE}/${MARKER_NAME}`),
  kind('Marker', `^${S3}${STATE}/${PREFIX}/.*${literal(MARKER_NAME)}$`, `${STATE}/${PREFIX}/*${MARKER_NAME}`),
  kind('Probe', `^${S3}${STATE}/${PREFIX}/.*${literal(PROBES)}`, `${STATE}/${PREFIX}/*${PROBES}*`),
  kind('Roots', `^${S3}${STATE}/${PREFIX}/.*metadata`, `${STATE}/${PREFIX}/*metadata*`),
  kind('Area', `^${S3}${STATE}/${PREFIX}/`, `${STATE}/${PREFIX}/*`),
  kind('RootsOfRest', `^${S3}${STATE}/(?:.*/)?_metadata$`, `${STATE}/_metadata`, `${STATE}/*/_metadata`),
];
/** Kinds of objects in the area, all of which {@link AREA} includes. */
const IN_AREA = new Set(['Marker', 'Probe', 'Roots']);
const AREA = 'Area';

/**
 * The policies, each without what those before it allow: `ledger`, `read-only`, and then what acts.
 *
 * @throws where a call is about something that no kind of objects includes.
 */
export function policiesOf(calls: ReadonlyMap<Purpose, readonly AwsCall[]>): Readonly<Record<PolicyName, Policy>> {
  const rightsOf = (purpose: Purpose): readonly Right[] =>
    (calls.get(purpose) ?? []).map(({ action, resource }) => ({ action, sid: kindOf(resource).sid }));
  const ledger = PURPOSES.flatMap(rightsOf).filter(isOfLedger);
  const readOnly = rightsOf('read-only').filter((right) => !isOfLedger(right));
  const beyond = (purpose: Purpose): readonly Right[] =>
    rightsOf(purpose).filter((right) => ![...ledger, ...readOnly].some((one) => isDeepStrictEqual(one, right)));
  return {
    'read-only': policy(readOnly),
    ledger: policy(ledger),
    states: policy(beyond('states')),
    collecting: policy(beyond('collecting'), NEVER_SAVEPOINTS),
    undo: policy(beyond('undo')),
  };
}

/** An action on objects of a kind. */
interface Right {
  readonly action: string;
  readonly sid: string;
}

/** Whoever has a ledger writes its name into the area, also in a dry run. */
function isOfLedger({ action, sid }: Right): boolean {
  return sid.endsWith('Ledger') || (sid === 'Marker' && action === 's3:PutObject');
}

const NEVER_SAVEPOINTS: RoleStatement = {
  Sid: 'NeverSavepoints',
  Effect: 'Deny',
  Action: ['s3:DeleteObject'],
  Resource: [`${S3}${STATE}/${PREFIX}/*${SAVEPOINT_FILES}`],
};

function policy(rights: readonly Right[], ...more: readonly RoleStatement[]): Policy {
  const actionsOn = (sid: string): readonly string[] =>
    [...new Set(rights.filter((right) => right.sid === sid).map(({ action }) => action))].sort();
  const everywhere = actionsOn(AREA);
  const allowed = KINDS.flatMap(({ sid, resources }): RoleStatement[] => {
    const Action = actionsOn(sid).filter((action) => !(IN_AREA.has(sid) && everywhere.includes(action)));
    return Action.length === 0 ? [] : [{ Sid: sid, Effect: 'Allow', Action, Resource: resources }];
  });
  return { Version: '2012-10-17', Statement: [...allowed, ...more] };
}

function kindOf(resource: string): Kind {
  const found = KINDS.find(({ pattern }) => pattern.test(resource));
  if (found === undefined) throw new Error(`Say which kind of objects ${resource} is one of.`);
  return found;
}

function kind(sid: string, pattern: string, ...names: readonly string[]): Kind {
  return { sid, pattern: new RegExp(pattern), resources: names.map((name) => `${S3}${name}`) };
}

function literal(text: string): string {
  return text.replaceAll('.', '\\.');
}
