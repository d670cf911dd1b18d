import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_NAME } from '#core/collect/marker-name.ts';

/** What MiniStack 1.5.33 lacks of AWS, and how this suite works round it. Nothing of the application knows of it. */

interface Resource {
  readonly Type: string;
  Properties: Record<string, unknown>;
}
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Gap {
  readonly lacks: string;
  readonly instead: string;
  /** Of the synthesised template, before it is deployed. @returns how many places it changed. */
  readonly change?: (template: Template) => number;
}

export const GAPS: readonly Gap[] = [
  {
    lacks: 'alarms over metric math or a query of Metrics Insights: the stack fails',
    instead: 'the copy of the template that is deployed has an alarm over one metric in their place',
    change: (template) => {
      const alarms = ofType(template, 'AWS::CloudWatch::Alarm').filter(({ Properties }) => 'Metrics' in Properties);
      for (const alarm of alarms) {
        const { Metrics: _, ...properties } = alarm.Properties;
        alarm.Properties = {
          ...properties,
          Namespace: 'InPlaceOfAQuery',
          MetricName: 'Nothing',
          Statistic: 'Sum',
          Period: 3600,
        };
      }
      return alarms.length;
    },
  },
  {
    lacks: 'the condition key cloudwatch:namespace: PutMetricData is denied wherever a statement has it',
    instead: 'the copy of the template has these statements without the condition',
    change: (template) => {
      let changed = 0;
      for (const { Properties } of ofType(template, 'AWS::IAM::Role')) {
        for (const statement of policiesOf(Properties).flatMap((policy) => policy.PolicyDocument.Statement)) {
          if (JSON.stringify(statement.Condition ?? {}).includes('cloudwatch:namespace')) {
            delete statement.Condition;
            changed++;
          }
        }
      }
      return changed;
    },
  },
  {
    lacks: 'layers at /opt: their files lie beside the code of the function',
    instead: 'the Node of the functions looks there for what it is to read in /opt (layers-at-opt.cjs)',
  },
  {
    lacks: 'a name of AWS: the steward takes it for another store, and finds out what that honours before it retires',
    instead:
      'the copy of the template lets `sweep` write and delete the objects of such a probe, and nothing else more',
    change: (template) => {
      const roles = Object.entries(template.Resources).filter(([id]) => id.startsWith('StewardSweepRole'));
      for (const [, { Properties }] of roles) {
        const [policy] = policiesOf(Properties);
        policy?.PolicyDocument.Statement.push({
          Sid: 'ProbeTheEmulator',
          Effect: 'Allow',
          Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
          Resource: `arn:aws:s3:::*/*${PROBE_NAME}*`,
        });
      }
      return roles.length;
    },
  },
  {
    lacks: 'invocations that outlast a change of their function: a message that comes meanwhile comes again later',
    instead: 'the copy of the template has queues that give such a message again soon',
    change: (template) => {
      const queues = ofType(template, 'AWS::SQS::Queue').filter(({ Properties }) => 'VisibilityTimeout' in Properties);
      for (const { Properties } of queues) Properties.VisibilityTimeout = 30;
      return queues.length;
    },
  },
  {
    lacks: 'states of alarms that follow from metrics of a query',
    instead: 'the test sets the state, and what follows from it is the real way',
  },
];

/** Changes a synthesised assembly so that MiniStack can deploy it. @throws where a gap has nothing to change any more. */
export function fillGaps(assembly: string): void {
  for (const file of readdirSync(assembly).filter((name) => name.endsWith('.template.json'))) {
    const path = join(assembly, file);
    const template: Template = JSON.parse(readFileSync(path, 'utf8'));
    for (const { lacks, change } of GAPS) {
      if (change !== undefined && change(template) === 0) {
        throw new Error(`Nothing in ${file} needs what is done about a gap of MiniStack: ${lacks}. Remove it.`);
      }
    }
    writeFileSync(path, JSON.stringify(template, null, 1));
  }
}

function ofType(template: Template, type: string): Resource[] {
  return Object.values(template.Resources).filter(({ Type }) => Type === type);
}

interface Statement {
  Condition?: unknown;
  readonly [part: string]: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

function policiesOf(properties: Record<string, unknown>): readonly Policy[] {
  return (properties.Policies as Policy[] | undefined) ?? [];
}
