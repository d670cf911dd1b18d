import type { FunctionName } from '#functions/shared/function-names.ts';
import { actingFunction } from '#test/functions/acting-function.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { S3Request } from '#tools/embedded-s3/request.ts';
import { type AwsCall, callsOf } from './aws-call.ts';

/** In the names of what a probe writes. */
const PROBE = '.flink-steward-probe-';

/** A call, and the function that made it. */
export interface RecordedCall extends AwsCall {
  readonly by: FunctionName;
}

/** The calls that functions made. Each is there once, however often it was made. */
export class RecordedCalls {
  readonly #calls = new Map<string, RecordedCall>();

  get all(): readonly RecordedCall[] {
    return [...this.#calls.values()];
  }

  /** Of the function that is at work; nothing where that is not clear, as where a test asks by itself. */
  add(call: AwsCall): void {
    const by = actingFunction();
    if (by !== null) {
      const recorded = { ...call, by };
      this.#calls.set(JSON.stringify(recorded), recorded);
    }
  }

  /** Records all that is asked of a server from now on. */
  listen(s3: EmbeddedS3): void {
    const callback = (request: S3Request): void => {
      // Stores other than Amazon S3 are probed, and the roles are for Amazon S3.
      if (actingFunction() === null || request.key.includes(PROBE) || request.body.includes(PROBE)) return;
      const isThere = s3.object(request.bucket, request.key) !== undefined;
      for (const call of callsOf(request, isThere)) this.add(call);
    };
    s3.faults.add({ match: {}, do: { kind: 'run', callback } });
  }
}
