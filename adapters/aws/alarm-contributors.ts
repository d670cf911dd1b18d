import { CloudWatchClient, DescribeAlarmContributorsCommand } from '@aws-sdk/client-cloudwatch';

/** One of the series that have brought an alarm of many into the state ALARM. */
export interface AlarmContributor {
  readonly id: string;
  /** Dimensions of its metric, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Why, in CloudWatch's words. */
  readonly reason: string;
  /** Epoch milliseconds: since when; null where CloudWatch does not say it. */
  readonly since: number | null;
}

const CONNECTION_TIMEOUT = 2_000;
const REQUEST_TIMEOUT = 5_000;
const ATTEMPTS = 3;
/** An alarm has 100 contributors at most. */
const MOST_PAGES = 20;

/** Those in ALARM at the moment, of an alarm over many series; none for any other alarm. @throws what the SDK throws */
export async function alarmContributors(alarmName: string): Promise<readonly AlarmContributor[]> {
  const client = new CloudWatchClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const contributors: AlarmContributor[] = [];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { AlarmContributors = [], NextToken } = await client.send(
        new DescribeAlarmContributorsCommand({
          AlarmName: alarmName,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      for (const {
        ContributorId,
        ContributorAttributes,
        StateReason,
        StateTransitionedTimestamp,
      } of AlarmContributors) {
        contributors.push({
          id: ContributorId ?? '',
          attributes: ContributorAttributes ?? {},
          reason: StateReason ?? '',
          since: StateTransitionedTimestamp?.getTime() ?? null,
        });
      }
      token = NextToken;
      if (token === undefined) break;
    }
    return contributors;
  } finally {
    client.destroy();
  }
}
