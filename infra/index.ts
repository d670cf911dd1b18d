/** What a CDK application imports: `flink-steward/cdk`. */

export { ConfigError } from '#config/config-error.ts';
export type { StewardJson } from '#config/steward-json.ts';
export type { Severity } from '#core/signals/alarms.ts';
export type { FleetMetric, JobMetric } from '#core/signals/metrics.ts';
export type { MadeBucketsProps } from '#infra/buckets.ts';
export type { CheckpointBucketsProps, CheckpointLocation } from '#infra/checkpoint-buckets-props.ts';
export { FlinkStateRules, type FlinkStateRulesProps } from '#infra/flink-state-rules.ts';
export { FlinkSteward } from '#infra/flink-steward.ts';
export type { IFlinkSteward } from '#infra/flink-steward-base.ts';
export type { FlinkStewardProps } from '#infra/flink-steward-props.ts';
export { FlinkStewardStack, type FlinkStewardStackProps } from '#infra/flink-steward-stack.ts';
export type { FlinkStewardAttributes } from '#infra/imported-steward.ts';
export type { NetworkProps } from '#infra/network-props.ts';
export type { AmazonQProps, DeployedFunctions, WatchingProps } from '#infra/watching-props.ts';
