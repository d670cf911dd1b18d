import { readFileSync } from 'node:fs';
import {
  CfnResource,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
  Token,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConfigError } from '#config/config-error.ts';
import { parseJson } from '#config/json-text.ts';
import { Intrinsics } from '#config/rule-files/intrinsics.ts';
import { readRulesFile } from '#config/rule-files/read-rules-file.ts';
import { cdkRulesOf } from '#core/lifecycle/cdk.ts';
import { DEFAULT_LIFECYCLE_POLICY } from '#core/lifecycle/managed-rules.ts';
import { changeComments } from '#core/lifecycle/replacement.ts';
import { type LintedBucket, lintFile } from '#core/lint/lint-file.ts';
import { bucketPlace } from '#core/lint/option-places.ts';
import type { NamedPlace } from '#core/lint/state-places.ts';
import type { CheckpointLocation } from '#infra/checkpoint-buckets-props.ts';
import { FlinkSteward } from '#infra/flink-steward.ts';

/** What the validation of lifecycle rules knows of an application. */
export interface FlinkStateRulesProps {
  /**
   * Where Flink writes checkpoints and savepoints, in buckets of this application.
   *
   * @default - the area of each `FlinkSteward` of this application, else guessed from the names of buckets, constructs and rules
   */
  readonly checkpointLocations?: readonly CheckpointLocation[];
  /**
   * The same for buckets by their names: `s3://my-bucket/flink`.
   *
   * @default - as for `checkpointLocations`
   */
  readonly flink?: readonly string[];
}

/** What is found of a rule: the names by which a finding is acknowledged. */
const TAKEN = 'flink-state-taken';
const UNDECIDED = 'flink-state-undecided';
const FOUND = { takes: TAKEN, undecided: UNDECIDED } as const;

/**
 * Fails the synthesis of an application with a lifecycle rule that would delete or archive state of Apache Flink, and of one
 * that may, because only deploying it tells.
 *
 * ```ts
 * Validations.of(app).addPlugins(new FlinkStateRules());
 * ```
 *
 * A finding that is meant is acknowledged on the bucket, or on what contains it:
 * `Validations.of(bucket).acknowledge({ id: 'FlinkStateRules::flink-state-taken', reason: '…' })`.
 */
export class FlinkStateRules implements IPolicyValidationPlugin {
  readonly name = 'FlinkStateRules';
  readonly ruleIds = [TAKEN, UNDECIDED];
  readonly #props: FlinkStateRulesProps;

  /** @throws ConfigError where a place of `flink` is no bucket. */
  constructor(props: FlinkStateRulesProps = {}) {
    this.#props = props;
    for (const url of props.flink ?? []) placeOfUrl(url);
  }

  validate({ stackTemplates, appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const told = this.#toldPlaces() ?? placesOfStewards(appConstruct);
    const violations = stackTemplates.flatMap(({ templatePath, stackConstructPath }) => {
      const value = parseJson(readFileSync(templatePath, 'utf8'), templatePath);
      const file = readRulesFile({ value, isCdk: true, stack: stackConstructPath, lineOf: () => null }, templatePath);
      const options = { told, policy: DEFAULT_LIFECYCLE_POLICY, now: Date.now() };
      return lintFile(file, templatePath, options).flatMap((linted) => {
        const construct = constructOf(appConstruct, stackConstructPath, linted.bucket.resource);
        return violationsOf(linted, templatePath).filter(({ ruleName }) => !isAcknowledged(construct, ruleName));
      });
    });
    return { success: violations.length === 0, violations };
  }

  #toldPlaces(): readonly NamedPlace[] | null {
    const { checkpointLocations = [], flink = [] } = this.#props;
    const places = [...checkpointLocations.map(placeOfLocation), ...flink.map(placeOfUrl)];
    return places.length === 0 ? null : places;
  }
}

/** Those that the stewards of the application look after; null where there is none. */
function placesOfStewards(app: IConstruct): readonly NamedPlace[] | null {
  const places = app.node
    .findAll()
    .filter((node) => node instanceof FlinkSteward)
    .flatMap((steward) =>
      steward.area.flatMap((url): readonly NamedPlace[] => {
        const place = bucketPlace(String(new Intrinsics({}).resolve(Stack.of(steward).resolve(url))));
        return place === null ? [] : [{ ...place, by: steward.node.path }];
      }),
    );
  return places.length === 0 ? null : places;
}

function placeOfUrl(url: string): NamedPlace {
  const place = bucketPlace(url);
  if (place === null)
    throw new ConfigError(`flink contains '${url}', which is no bucket. Write it as s3://bucket/prefix.`);
  return { ...place, by: 'flink' };
}

/** A bucket without a name is known by its logical ID, as its template refers to it. */
function placeOfLocation({ bucket, prefix = '' }: CheckpointLocation): NamedPlace {
  const made = bucket.node.defaultChild;
  const name =
    CfnResource.isCfnResource(made) && Token.isUnresolved(bucket.bucketName)
      ? `\${${Stack.of(made).resolve(made.logicalId)}}`
      : bucket.bucketName;
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return { bucket: name, prefix: folder, by: 'checkpointLocations' };
}

function violationsOf(linted: LintedBucket, templatePath: string): readonly PolicyViolation[] {
  const { bucket, places, rules, replacement } = linted;
  const fix =
    replacement === null ? {} : { fix: cdkRulesOf(replacement.document, changeComments(replacement.changes)) };
  const violation = (verdict: keyof typeof FOUND, description: string, within: string): PolicyViolation => ({
    ruleName: FOUND[verdict],
    description,
    severity: verdict === 'takes' ? 'error' : 'warning',
    ...fix,
    violatingResources: [
      { resourceLogicalId: bucket.resource, templatePath, locations: [`Properties/LifecycleConfiguration${within}`] },
    ],
  });
  const hidden = places.known === 'elsewhere' ? null : bucket.hidden;
  return [
    ...rules.flatMap(({ verdict, sentence, position }) =>
      verdict === 'takes' || verdict === 'undecided' ? [violation(verdict, sentence, `/Rules/${position - 1}`)] : [],
    ),
    ...(hidden === null ? [] : [violation('undecided', hidden, '')]),
  ];
}

/** Undefined where the construct is in no tree that is known, as that of a template that was included. */
function constructOf(app: IConstruct, stackPath: string, logicalId: string): IConstruct | undefined {
  return app.node
    .findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node))
    .find((node) => Stack.of(node).node.path === stackPath && Stack.of(node).resolve(node.logicalId) === logicalId);
}

/** Of this plugin, or the one that the CDK puts before an id without any. */
const NAMESPACE = /^(?:annotation|FlinkStateRules)::/i;

/** By the metadata that `acknowledge` leaves on the construct, or on one that contains it. */
function isAcknowledged(construct: IConstruct | undefined, rule: string): boolean {
  return (construct?.node.scopes ?? []).some(({ node }) =>
    node.metadata.some(
      ({ type, data }) =>
        type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY &&
        Object.keys(data ?? {}).some((id) => id.replace(NAMESPACE, '') === rule),
    ),
  );
}
