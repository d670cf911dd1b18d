import { beforeEach, vi } from 'vitest';
import { dimensionOf, JOB_DIMENSION } from '#core/signals/dimension.ts';
import { useHttpStandIns } from '#test/support/http-stand-ins.ts';
import { contributorId, reasonOf } from './alarm-payload.ts';

/** Slack, CloudWatch and Secrets Manager as far as a notifier asks them, each behind real HTTP on this machine. */

export interface StandIns {
  /** What was posted to the webhook, in order. */
  readonly posted: { readonly path: string; readonly body: { text: string; blocks?: unknown[] } }[];
  /** Answers of the webhook, the next first; once they are used up it takes everything. */
  readonly answers: { status: number; retryAfter?: string; body?: string }[];
  /** What was asked of CloudWatch and Secrets Manager. */
  readonly asked: string[];
  /** Jobs in alarm, by name of the alarm. */
  readonly inAlarm: Map<string, { job: string; since: number; value: number }[]>;
  /** Contributors a page. */
  pageSize: number;
  /** Whether CloudWatch refuses to answer. */
  cloudWatchFails: boolean;
  secret: string | null;
  readonly webhook: string;
}

/** Call it once, outside the tests. */
export function useStandIns(): () => StandIns {
  let standIns: StandIns;
  const serve = useHttpStandIns();

  beforeEach(async () => {
    const slack = await serve((request, response, body) => {
      standIns.posted.push({ path: request.url ?? '', body: JSON.parse(body) });
      const { status, retryAfter, body: words = 'ok' } = standIns.answers.shift() ?? { status: 200 };
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end(words);
    });
    const aws = await serve((request, response, body) => {
      const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
      const input: { AlarmName?: string; NextToken?: string } = JSON.parse(body);
      standIns.asked.push(operation);
      const answer = operation === 'GetSecretValue' ? secretOf(standIns) : contributorsOf(standIns, input);
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer.body));
    });
    standIns = {
      posted: [],
      answers: [],
      asked: [],
      inAlarm: new Map(),
      pageSize: 100,
      cloudWatchFails: false,
      secret: `${slack}/services/T000/B000/${'s'.repeat(24)}`,
      webhook: slack,
    };
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', aws);
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', aws);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  });

  return () => standIns;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

function secretOf({ secret }: StandIns): Answer {
  return secret === null
    ? { status: 400, body: { __type: 'ResourceNotFoundException', message: "Secrets Manager can't find it." } }
    : { status: 200, body: { ARN: 'arn', Name: 'name', SecretString: secret } };
}

function contributorsOf(
  standIns: StandIns,
  { AlarmName = '', NextToken = '0' }: { AlarmName?: string; NextToken?: string },
): Answer {
  if (standIns.cloudWatchFails) {
    return { status: 400, body: { __type: 'AccessDeniedException', message: 'not allowed' } };
  }
  const all = standIns.inAlarm.get(AlarmName) ?? [];
  const end = Number(NextToken) + standIns.pageSize;
  return {
    status: 200,
    body: {
      AlarmContributors: all.slice(Number(NextToken), end).map(({ job, since, value }) => ({
        ContributorId: contributorId(job),
        ContributorAttributes: { [JOB_DIMENSION]: dimensionOf(job) },
        StateReason: reasonOf(value),
        StateTransitionedTimestamp: since / 1000,
      })),
      ...(end < all.length ? { NextToken: String(end) } : {}),
    },
  };
}
