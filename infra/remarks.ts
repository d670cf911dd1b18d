import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { configWarnings } from '#config/config-warnings.ts';
import { guardOf } from '#config/guard.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { guardAllPerMillion } from '#core/bill/monthly-bill.ts';
import type { AdoptedBucket } from '#infra/area-of.ts';

/** For whom the price of the guard is said: for more jobs a batch costs less. */
const FEW_JOBS = 10;

/** What synthesis says of a configuration that is allowed and may surprise. Each remark has a name, to be acknowledged by. */
export function remarkOn(scope: Construct, config: StewardConfig, adopted: readonly AdoptedBucket[]): void {
  for (const warning of configWarnings(config)) {
    // Its first word is the setting that it warns of.
    Annotations.of(scope).addWarningV2(`flink-steward:${warning.split(' ')[0]}`, warning);
  }
  if (adopted.length === 0) {
    Annotations.of(scope).addInfoV2(
      'flink-steward:area',
      'steward.json names no bucket in "area", or there is no such file here, so the stack makes a bucket for the checkpoints. An update of a stack that looks after other buckets is refused when it is deployed.',
    );
  }
  // A bucket that the stack makes tells the guard by itself.
  if (adopted.length > 0 && guardOf(config).mode !== 'off' && config.deploy.notifications === 'print') {
    Annotations.of(scope).addInfoV2(
      'flink-steward:guard',
      `The guard hears of no deletion in ${adopted.map(({ name }) => name).join(' and ')} before the notifications of the bucket have the entry that the stack prints (GuardNotification), or send events to EventBridge, which charges for each object that is created or deleted. With "deploy": {"notifications": "merge"} the deployment adds the entry. With "guard": "off" there is no guard.`,
    );
  }
  if (guardOf(config).mode === 'all') {
    Annotations.of(scope).addInfoV2(
      'flink-steward:guard-all',
      `With "guard": "all" the guard hears of each object that is deleted, by Flink too. That costs about $${guardAllPerMillion(FEW_JOBS).toFixed(2)} for each million of them (us-east-1), and less where many jobs share a batch. The metric NumberOfMessagesSent of its queue shows how many they are. With "guard": "lifecycle" it hears only of what lifecycle rules delete, for next to nothing.`,
    );
  }
  const narrow = adopted.filter(({ prefixes }) => !prefixes.includes('')).map(({ name }) => name);
  if (config.scope === 'area' || narrow.length === 0) return;
  // People may not expect that, nor pay for it gladly.
  Annotations.of(scope).addInfoV2(
    'flink-steward:scope',
    `The area is a part of ${narrow.join(' and ')}. The rest of each bucket is listed once a week, and the "_metadata" objects in it are read, because a checkpoint or savepoint there may reference files of the area. Nothing is deleted before that is done for the first time. If the area is complete and the rest must not be listed, write "scope": "area" in steward.json; then the roles can list the area only.`,
  );
}
