import { Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StewardConfig } from '#config/steward-config.ts';
import { NAMESPACE_ROOT } from '#core/signals/metrics.ts';

/** With room for which alarm it is. */
const LONGEST_PREFIX = 120;

/** What alarms, the dashboard and the namespace of a construct are called: no two constructs of an account and region share it. */
export function uniquePrefix(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: LONGEST_PREFIX, separator: '-' });
}

/** The CloudWatch namespace of a construct: the configured one, or one that no other construct has. */
export function metricNamespace(scope: Construct, { signals }: Pick<StewardConfig, 'signals'>): string {
  return signals.namespace ?? `${NAMESPACE_ROOT}/${uniquePrefix(scope)}`;
}
