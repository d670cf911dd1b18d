import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { foldersAbove } from '#core/area/folders-above.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { NAMESPACE_ROOT } from '#core/signals/metrics.ts';
import { HAZARDS_DOCUMENT } from '#operations/ledger/hazards.ts';
import { INCIDENT_DOCUMENT } from '#operations/ledger/incidents.ts';
import { HISTORY_FOLDER } from '#operations/ledger/job-histories.ts';
import { JOBS_DOCUMENT } from '#operations/ledger/jobs-document.ts';
import { LOST_FOLDER } from '#operations/ledger/lost-objects.ts';
import { RESTORE_POINTS_FILE } from '#operations/ledger/newest-restore-points.ts';
import { STATES_FOLDER } from '#operations/ledger/remembered-states.ts';
import { REPORT_FILE } from '#operations/ledger/report-file.ts';
import { TOLD_FOLDER } from '#operations/ledger/told-alarms.ts';

/** What each function may do, statement by statement. No grant of CDK: those give more than is needed here. */

/** A bucket of the area. */
export interface AreaBucket {
  /** May be a token. */
  readonly name: string;
  /** Key prefixes, empty or with a closing slash. */
  readonly prefixes: readonly string[];
  readonly kmsKey?: string;
  /** Whether it keeps versions of its objects. @default false */
  readonly versioned?: boolean;
}

interface PermissionsOptions {
  readonly scope: 'bucket' | 'area';
  readonly requireIfMatch: boolean;
  readonly namespace: string;
}

/** The document of the ledger by which it finds out whether its bucket keeps writers apart; documents end in `@`. */
const CONDITIONAL_WRITES = 'conditional-writes@';

/** Prefixes of one statement, so that it fits into a policy. */
const MOST_LISTED = 40;
/** Characters of the one statement that can't be spread over several policies. */
const FENCE_ROOM = 4_000;

/** The names that Flink gives to the directories of savepoints: six digits of the job, and twelve by chance. */
export const SAVEPOINT_FILES = 'savepoint-??????-????????????/*';

export class Permissions {
  readonly #area: readonly AreaBucket[];
  readonly #ledger: string;
  readonly #ledgerKmsKey: string | undefined;
  readonly #scope: 'bucket' | 'area';
  readonly #requireIfMatch: boolean;
  readonly #namespace: string;

  /**
   * @param ledger its bucket, with the ARN of the key that encrypts it.
   * @param options whether the rest of each bucket is searched for roots; whether the role itself demands that each
   * deletion is conditional; the CloudWatch namespace of the deployment.
   */
  constructor(
    area: readonly AreaBucket[],
    ledger: { readonly name: string; readonly kmsKey?: string },
    { scope, requireIfMatch, namespace }: PermissionsOptions,
  ) {
    this.#area = area;
    this.#ledger = ledger.name;
    this.#ledgerKmsKey = ledger.kmsKey;
    this.#scope = scope;
    this.#requireIfMatch = requireIfMatch;
    this.#namespace = namespace;
  }

  /** To list the area, and to know which objects may lie in an archive. */
  listArea(): PolicyStatement[] {
    return [
      ...this.#list(),
      allow('SeeArchiveTiers', ['s3:GetIntelligentTieringConfiguration'], this.#buckets()),
      ...this.#decrypt(),
    ];
  }

  /** To list the area and to read the roots in it, also those that people have given another name. */
  readRoots(): PolicyStatement[] {
    return [...this.listArea(), this.#rootsOfArea()];
  }

  /** To list the area and to read any part of its files. IAM knows no ranges; the function reads the ends. */
  readState(): PolicyStatement[] {
    return [...this.listArea(), this.#onKeys('ReadState', ['s3:GetObject'], '*'), ...this.#seeMarkersAbove()];
  }

  /** To read single roots, and to be told of one that is gone. */
  readSingleRoots(): PolicyStatement[] {
    return [...this.#list(), this.#rootsOfArea(), ...this.#decrypt()];
  }

  #rootsOfArea(): PolicyStatement {
    return this.#onKeys('ReadRoots', ['s3:GetObject'], '*metadata*');
  }

  /**
   * To search the rest of each bucket for roots that reference files of the area: everything is listed, and nothing but
   * roots is read.
   */
  readRest(): PolicyStatement[] {
    const narrow = this.#area.filter(({ prefixes }) => !prefixes.includes(''));
    if (this.#scope === 'area' || narrow.length === 0) return [];
    const names = narrow.map(({ name }) => name);
    const keys = ['_metadata', '*/_metadata'];
    return [
      allow('ListRest', ['s3:ListBucket'], names.map(bucketArn)),
      allow(
        'ReadRootsOfRest',
        ['s3:GetObject'],
        names.flatMap((name) => keys.map((key) => objectArn(name, key))),
      ),
    ];
  }

  /** The ledger, or these paths of it. Nothing in it is ever deleted. */
  ledger(...paths: readonly string[]): PolicyStatement[] {
    return [
      allow('ListLedger', ['s3:ListBucket'], [bucketArn(this.#ledger)]),
      allow(
        'Ledger',
        ['s3:GetObject', 's3:PutObject'],
        (paths.length === 0 ? ['*'] : paths).map((path) => objectArn(this.#ledger, path)),
      ),
      ...this.#ledgerKey('UseLedgerKey', ['kms:Decrypt', 'kms:GenerateDataKey']),
    ];
  }

  /** To read all of the ledger. */
  readLedger(): PolicyStatement[] {
    return [allow('ReadLedger', ['s3:GetObject'], [objectArn(this.#ledger, '*')])];
  }

  /**
   * To publish gauges, which know no resources but a namespace. The namespace of version 0.1.0 is among them for a survey
   * that its code has begun: an update changes the role first, and that survey would end as a failure.
   */
  publish(): PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'Publish',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': [this.#namespace, NAMESPACE_ROOT] } },
      }),
    ];
  }

  /** To remember what people have been told of alarms. */
  rememberTold(): PolicyStatement[] {
    return this.ledger(`${TOLD_FOLDER}/*`, CONDITIONAL_WRITES);
  }

  /** To leave what was lost, and lists of what is to be brought back. */
  rememberLosses(): PolicyStatement[] {
    return this.ledger(`${INCIDENT_DOCUMENT}@`, `${LOST_FOLDER}/*`, CONDITIONAL_WRITES);
  }

  /**
   * To read what is known of lifecycle rules and of jobs over time, where they can be restored from, why runs stopped, and
   * the page: who signs a link to it must be able to.
   *
   * @param states whether states of jobs are looked at, and so remembered.
   */
  readJobs(states: boolean): PolicyStatement[] {
    const paths = [
      `${HAZARDS_DOCUMENT}@`,
      `${INCIDENT_DOCUMENT}@`,
      `${HISTORY_FOLDER}/*`,
      `${JOBS_DOCUMENT}@`,
      REPORT_FILE,
      RESTORE_POINTS_FILE,
      'runs/*/summary.json',
      ...(states ? [`${STATES_FOLDER}/*`] : []),
    ];
    return [
      allow(
        'ReadJobs',
        ['s3:GetObject'],
        paths.map((path) => objectArn(this.#ledger, path)),
      ),
    ];
  }

  /** To remember what was read of state files, and to leave what somebody wanted to know of them. */
  rememberStates(): PolicyStatement[] {
    return [...this.ledger(`${STATES_FOLDER}/*`, 'results/*'), ...this.readLedger()];
  }

  #ledgerKey(sid: string, actions: string[]): PolicyStatement[] {
    return this.#ledgerKmsKey === undefined ? [] : [allow(sid, actions, [this.#ledgerKmsKey])];
  }

  /** The markers, which name the ledger that is responsible for a location or a part of it. Those above are read only. */
  mark(): PolicyStatement[] {
    const own = this.#onKeys('Mark', ['s3:GetObject', 's3:PutObject'], `*${MARKER_NAME}`);
    return [own, ...this.#seeMarkersAbove(), ...this.#encrypt()];
  }

  /** To see whom the area belongs to. */
  seeMarkers(): PolicyStatement[] {
    return [this.#onKeys('SeeMarkers', ['s3:GetObject'], `*${MARKER_NAME}`), ...this.#seeMarkersAbove()];
  }

  #seeMarkersAbove(): PolicyStatement[] {
    const keys = this.#area.flatMap(({ name, prefixes }) =>
      [...new Set(prefixes.flatMap(foldersAbove))].map((folder) =>
        objectArn(name, `${literally(folder)}${MARKER_NAME}`),
      ),
    );
    return keys.length === 0 ? [] : [allow('SeeMarkersAbove', ['s3:GetObject'], keys)];
  }

  /**
   * To delete, and only here: by exact key, while the ETag is the judged one, which takes the right to read as well.
   *
   * @param savepoints whether the policy lets savepoints go.
   */
  sweep(savepoints: boolean): PolicyStatement[] {
    return [
      ...(this.#requireIfMatch
        ? [
            new PolicyStatement({
              sid: 'DeleteByETag',
              actions: ['s3:DeleteObject'],
              resources: this.#keys('*'),
              // S3 user guide, "Enforce conditional deletes". It says nothing of the keys of a DeleteObjects request.
              conditions: { Null: { 's3:if-match': 'false' } },
            }),
            this.#onKeys('ReadToDelete', ['s3:GetObject'], '*'),
          ]
        : [this.#onKeys('DeleteByETag', ['s3:DeleteObject', 's3:GetObject'], '*')]),
      ...(savepoints ? [] : [this.#onKeys('NeverSavepoints', ['s3:DeleteObject'], `*${SAVEPOINT_FILES}`, Effect.DENY)]),
      new PolicyStatement({
        sid: 'NeverOutsideTheArea',
        effect: Effect.DENY,
        actions: ['s3:DeleteObject'],
        notResources: this.#fence(),
      }),
      never('NeverVersions', ['s3:DeleteObjectVersion']),
    ];
  }

  /** To see what versions are left of what was deleted. */
  seeVersions(): PolicyStatement[] {
    return [allow('SeeVersions', ['s3:ListBucketVersions', 's3:GetBucketVersioning'], this.#buckets())];
  }

  /** To see what versions take beside what is current. */
  seeOlderVersions(): PolicyStatement[] {
    return [allow('SeeOlderVersions', ['s3:ListBucketVersions'], this.#buckets())];
  }

  /**
   * To undo retiring and deleting: roots are written, and delete markers are removed. Markers are removed by the ids that S3
   * listed as such. IAM knows no condition for that, so the right exists only where there are versions.
   */
  restore(): PolicyStatement[] {
    const versioned = this.#keys('*', ({ versioned }) => versioned === true);
    return [
      this.#onKeys('PutRootsBack', ['s3:PutObject'], '*_metadata'),
      ...(versioned.length === 0 ? [] : [allow('TakeDeleteMarkersAway', ['s3:DeleteObjectVersion'], versioned)]),
      never('NeverDelete', ['s3:DeleteObject']),
    ];
  }

  /** To read roots that a deletion hides, for the files that come back with them. */
  readHiddenRoots(): PolicyStatement[] {
    const versioned = this.#keys('*metadata*', ({ versioned }) => versioned === true);
    return versioned.length === 0 ? [] : [allow('ReadHiddenRoots', ['s3:GetObjectVersion'], versioned)];
  }

  /** To see what the buckets say of themselves. */
  seeRules(): PolicyStatement[] {
    return [allow('SeeRules', ['s3:GetLifecycleConfiguration', 's3:GetBucketVersioning'], this.#buckets())];
  }

  /** To see what piles up unseen in incomplete uploads. */
  seeUploads(): PolicyStatement[] {
    return [
      allow('SeeUploads', ['s3:ListBucketMultipartUploads'], this.#buckets()),
      this.#onKeys('SeeParts', ['s3:ListMultipartUploadParts'], '*'),
    ];
  }

  writeRules(): PolicyStatement[] {
    return [allow('WriteRules', ['s3:PutLifecycleConfiguration'], this.#buckets())];
  }

  /** The notifications of the buckets that the deployment has made, or of adopted ones where the configuration says so. */
  notifications(buckets: readonly string[]): PolicyStatement[] {
    if (buckets.length === 0) return [];
    return [allow('Notifications', ['s3:GetBucketNotification', 's3:PutBucketNotification'], buckets.map(bucketArn))];
  }

  /**
   * Without the right to list, S3 says of what is not there that it is denied, and a run would take the area for
   * undecidable. Reading carries no prefix, so the condition must hold where there is none.
   */
  #list(): PolicyStatement[] {
    return this.#area.flatMap(({ name, prefixes }, at) =>
      Array.from({ length: Math.ceil(prefixes.length / MOST_LISTED) }, (_, part) => {
        const patterns = prefixes
          .slice(part * MOST_LISTED, (part + 1) * MOST_LISTED)
          .map((prefix) => `${literally(prefix)}*`);
        return new PolicyStatement({
          sid: `List${at + 1}${part === 0 ? '' : `Part${part + 1}`}`,
          actions: ['s3:ListBucket'],
          resources: [bucketArn(name)],
          conditions: { StringLikeIfExists: { 's3:prefix': patterns } },
        });
      }),
    );
  }

  #decrypt(): PolicyStatement[] {
    return this.#kms('Decrypt', ['kms:Decrypt']);
  }

  #encrypt(): PolicyStatement[] {
    return this.#kms('Encrypt', ['kms:GenerateDataKey']);
  }

  #kms(sid: string, actions: string[]): PolicyStatement[] {
    const keys = [...new Set(this.#area.flatMap(({ kmsKey }) => kmsKey ?? []))];
    return keys.length === 0 ? [] : [allow(sid, actions, keys)];
  }

  #onKeys(sid: string, actions: string[], pattern: string, effect = Effect.ALLOW): PolicyStatement {
    return new PolicyStatement({ sid, effect, actions, resources: this.#keys(pattern) });
  }

  #keys(pattern: string, of: (bucket: AreaBucket) => boolean = () => true): string[] {
    return this.#area
      .filter(of)
      .flatMap(({ name, prefixes }) => prefixes.map((prefix) => objectArn(name, `${literally(prefix)}${pattern}`)));
  }

  /**
   * Where keys of the area can lie, in as few words as a policy has room for: a `NotResource` can't be spread over several
   * statements. What may be deleted says {@link sweep}'s first statement, prefix by prefix.
   */
  #fence(): string[] {
    const length = (keys: readonly string[]) => keys.reduce((sum, key) => sum + key.length + 3, 0);
    let keys = this.#keys('*');
    for (let depth = deepest(this.#area); depth > 0 && length(keys) > FENCE_ROOM; depth--) {
      const cut = (prefix: string) =>
        prefix
          .split(/(?<=\/)/)
          .slice(0, depth - 1)
          .join('');
      keys = this.#area.flatMap(({ name, prefixes }) =>
        [...new Set(prefixes.map(cut))].map((prefix) => objectArn(name, `${literally(prefix)}*`)),
      );
    }
    return keys;
  }

  #buckets(): string[] {
    return this.#area.map(({ name }) => bucketArn(name));
  }
}

/** Folders of the deepest prefix. */
function deepest(area: readonly AreaBucket[]): number {
  return Math.max(...area.flatMap(({ prefixes }) => prefixes.map((prefix) => prefix.split('/').length - 1)));
}

export function allow(sid: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources });
}

function never(sid: string, actions: string[]): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, actions, resources: ['*'] });
}

function bucketArn(name: string): string {
  return `arn:${Aws.PARTITION}:s3:::${name}`;
}

function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}

/** IAM user guide, "Policy variables": how characters that mean something are written as themselves. */
function literally(prefix: string): string {
  return prefix.replace(/[*?$]/g, (character) => `$\{${character}}`);
}
