import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3api from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as stepfunctions from '@aws-sdk/client-sfn';
import { words } from './doc-commands.ts';

/** Commands of the AWS CLI as requests of the SDK, whose names of operations and parameters are the same. */

const CLIENTS: Readonly<Record<string, object>> = { cloudwatch, lambda, s3api, secretsmanager, stepfunctions };

/** Options of the command line itself, which no request has. */
const OF_THE_COMMAND_LINE = ['--cli-binary-format', '--cli-read-timeout', '--output', '--query'];

export interface AwsRequest {
  readonly service: string;
  /** As the SDK names it: `DescribeAlarms`. */
  readonly operation: string;
  /** As the SDK names them, with what was typed; what begins with a brace is JSON. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export function requestOf(command: string): AwsRequest {
  const [, service = '', operation = '', ...options] = words(command);
  const parameters: Record<string, unknown> = {};
  for (const [at, option] of options.entries()) {
    if (option.startsWith('--') && !OF_THE_COMMAND_LINE.includes(option)) {
      const value = options[at + 1] ?? '';
      parameters[pascal(option.slice(2))] = value.startsWith('{') ? JSON.parse(value) : value;
    }
  }
  return { service, operation: pascal(operation), parameters };
}

/** @returns the SDK's command, or undefined where its client is not installed or has none of that name. */
export function sdkCommandOf({ service, operation, parameters }: AwsRequest): SdkCommand | undefined {
  const made: unknown = Reflect.get(CLIENTS[service] ?? {}, `${operation}Command`);
  return typeof made === 'function' ? Reflect.construct(made, [parameters]) : undefined;
}

interface SdkCommand {
  readonly schema?: unknown;
}

/** Whether there is an operation of that name with those parameters; a sentence where there is not. */
export function complaintAboutAws(command: string): string | undefined {
  const request = requestOf(command);
  const sdkCommand = sdkCommandOf(request);
  if (sdkCommand === undefined) return `The SDK knows no ${request.service} ${request.operation}.`;
  const members = membersOf(sdkCommand);
  // Some services begin the names of parameters with a small letter.
  const known = new Set(members.map((name) => pascal(String(name))));
  const unknown = Object.keys(request.parameters).filter((name) => !known.has(name));
  return unknown.length === 0 ? undefined : `${request.operation} takes no ${unknown.join(', ')}.`;
}

/** An operation's schema is `[9, namespace, name, traits, () => input, () => output]`, a structure's `[3, namespace, name, traits, members, …]`. */
function membersOf({ schema }: SdkCommand): readonly unknown[] {
  const input: unknown = Array.isArray(schema) && typeof schema[4] === 'function' ? schema[4]() : undefined;
  const members: unknown = Array.isArray(input) ? input[4] : undefined;
  return Array.isArray(members) ? members : [];
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
