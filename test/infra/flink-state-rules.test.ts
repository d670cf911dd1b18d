import { App, CfnParameter, Duration, type IPolicyValidationContext, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Bucket, CfnBucket, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it, vi } from 'vitest';
import { ConfigError, FlinkStateRules, type FlinkStateRulesProps, FlinkSteward } from '#infra/index.ts';
import { bundles, useSynthesis } from './synthesise.ts';

useSynthesis();

const WEEK: LifecycleRule = { id: 'week', expiration: Duration.days(7) };

/** Synthesises an app whose stack has been filled, and gives what the plugin reports of it. */
function validated(fill: (stack: Stack) => FlinkStateRulesProps | undefined) {
  const app = new App();
  const stack = new Stack(app, 'Jobs');
  return validatedApp(app, new FlinkStateRules(fill(stack)));
}

function validatedApp(app: App, rules: FlinkStateRules) {
  const assembly = app.synth({ validateOnSynthesis: false });
  const context = {
    appConstruct: app,
    stackTemplates: assembly.stacks.map(({ templateFullPath, hierarchicalId }) => ({
      templatePath: templateFullPath,
      stackConstructPath: hierarchicalId,
      accountId: undefined,
      region: undefined,
    })),
    templatePaths: [],
  } satisfies IPolicyValidationContext;
  return rules.validate(context);
}

describe('FlinkStateRules', () => {
  it('names the rule that takes state, the bucket, and the rules to write in their place', () => {
    const { success, violations } = validated((stack) => {
      new Bucket(stack, 'FlinkCheckpoints', { lifecycleRules: [{ id: 'logs', prefix: 'logs/', ...WEEK }, WEEK] });
      new Bucket(stack, 'Website', { lifecycleRules: [WEEK] });
      return undefined;
    });

    expect(success).toBe(false);
    expect(violations).toEqual([
      {
        ruleName: 'flink-state-taken',
        severity: 'error',
        description: 'Rule "week" deletes Flink state anywhere in the bucket 7 days after it was written.',
        fix: expect.stringContaining(
          `  { id: 'flink-steward-abort-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },\n`,
        ),
        violatingResources: [
          {
            resourceLogicalId: expect.stringMatching(/^FlinkCheckpoints[0-9A-F]{8}$/),
            templatePath: expect.stringMatching(/Jobs\.template\.json$/),
            locations: ['Properties/LifecycleConfiguration/Rules/1'],
          },
        ],
      },
    ]);
  });

  it('takes the places that it is told, of buckets of the app and of others', () => {
    const report = (others: Omit<FlinkStateRulesProps, 'checkpointLocations'>, prefix?: string) =>
      validated((stack) => {
        const bucket = new Bucket(stack, 'Data', { lifecycleRules: [{ ...WEEK, prefix: 'flink/' }] }) as IBucket;
        const rule = { ...WEEK, prefix: 'jobs/' };
        const named = new Bucket(stack, 'Named', { bucketName: 'by-name', lifecycleRules: [rule] }) as IBucket;
        return prefix === undefined
          ? others
          : {
              ...others,
              checkpointLocations: [
                { bucket, prefix },
                { bucket: named, prefix: 'none/' },
              ],
            };
      }).violations.map(({ violatingResources: [resource] }) => resource?.resourceLogicalId?.slice(0, -8));

    expect(report({}, 'flink')).toEqual(['Data']);
    expect(report({}, 'elsewhere/')).toEqual([]);
    expect(report({ flink: ['s3://by-name/jobs'] }, 'flink/')).toEqual(['Data', 'Named']);
    // Which of its buckets has that name, only deploying tells: then names count.
    expect(report({ flink: ['s3://other'] })).toEqual(['Data']);
    expect(() => new FlinkStateRules({ flink: ['./copy'] })).toThrow(
      new ConfigError("flink contains './copy', which is no bucket. Write it as s3://bucket/prefix."),
    );
  });

  it('takes the area of the stewards of the app, where it is told nothing', () => {
    const { violations } = validated((stack) => {
      const bucket = new Bucket(stack, 'Data', { lifecycleRules: [{ ...WEEK, prefix: 'jobs/' }] }) as IBucket;
      new Bucket(stack, 'Named', { bucketName: 'by-name', lifecycleRules: [WEEK] });
      new FlinkSteward(stack, 'Steward', {
        configuration: { area: ['s3://by-name/flink'] },
        checkpointLocations: [{ bucket, prefix: 'jobs' }],
        bundles: bundles(),
      });
      return undefined;
    });

    expect(violations.map(({ description }) => description)).toEqual([
      `Rule "week" deletes Flink state below 'jobs/' 7 days after it was written.`,
      `Rule "week" deletes Flink state below 'flink/' 7 days after it was written.`,
    ]);
  });

  it('says that rules of a bucket of state come from elsewhere', () => {
    const { violations } = validated((stack) => {
      const [state, site] = [new CfnBucket(stack, 'FlinkCheckpoints'), new CfnBucket(stack, 'Website')];
      for (const bucket of [state, site]) {
        bucket.addPropertyOverride('LifecycleConfiguration', { 'Fn::Transform': { Name: 'AWS::Include' } });
      }
      return undefined;
    });

    expect(violations).toEqual([
      {
        ruleName: 'flink-state-undecided',
        severity: 'warning',
        description: 'Some of its rules come from a function of the template whose result only deploying it tells.',
        violatingResources: [
          {
            resourceLogicalId: 'FlinkCheckpoints',
            templatePath: expect.stringMatching(/Jobs\.template\.json$/),
            locations: ['Properties/LifecycleConfiguration'],
          },
        ],
      },
    ]);
  });

  it('takes no offence at the ledger of a steward, whose records go by age', () => {
    const app = new App();
    const stack = new Stack(app, 'FlinkState');
    new FlinkSteward(stack, 'FlinkSteward', { configuration: { area: ['s3://by-name/flink'] }, bundles: bundles() });

    expect(validatedApp(app, new FlinkStateRules()).violations).toEqual([]);
  });

  it('guesses from the name of the stack too', () => {
    const app = new App();
    const stack = new Stack(app, 'FlinkState');
    new Bucket(stack, 'Bucket', { lifecycleRules: [WEEK] });
    const { violations } = validatedApp(app, new FlinkStateRules());

    expect(violations).toHaveLength(1);
  });

  it('tells what only deploying decides, as a warning', () => {
    const { success, violations } = validated((stack) => {
      const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
      const bucket = new Bucket(stack, 'State', {
        bucketName: 'jobs',
        lifecycleRules: [{ ...WEEK, prefix }],
      }) as IBucket;
      return { checkpointLocations: [{ bucket, prefix: 'flink' }] };
    });

    expect(success).toBe(false);
    expect(violations).toMatchObject([{ ruleName: 'flink-state-undecided', severity: 'warning' }]);
  });

  it('leaves findings out that are acknowledged on the bucket, or on what contains it', () => {
    const report = (acknowledge: (bucket: Bucket) => void) =>
      validated((stack) => {
        acknowledge(new Bucket(stack, 'FlinkCheckpoints', { lifecycleRules: [WEEK] }));
        return undefined;
      });
    const id = 'flink-state-taken';

    expect(report((bucket) => Validations.of(bucket).acknowledge({ id, reason: 'a test' })).success).toBe(true);
    expect(report((bucket) => Validations.of(Stack.of(bucket)).acknowledge({ id, reason: 'a test' })).success).toBe(
      true,
    );
    expect(
      report((bucket) => Validations.of(bucket).acknowledge({ id: 'flink-state-undecided', reason: 'x' })).success,
    ).toBe(false);
  });

  it('is at peace with an app without such rules', () => {
    const { success, violations } = validated((stack) => {
      new CfnBucket(stack, 'FlinkState');
      new Bucket(stack, 'FlinkCheckpoints', { lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(3) }] });
      return undefined;
    });

    expect({ success, violations }).toEqual({ success: true, violations: [] });
  });

  it('stops the synthesis of an app, that of its stages too', () => {
    const synth = (rule: LifecycleRule) => {
      const app = new App();
      const stage = new Stage(app, 'Production');
      new Bucket(new Stack(stage, 'Jobs'), 'FlinkSavepoints', { lifecycleRules: [rule] });
      Validations.of(app).addPlugins(new FlinkStateRules());
      Validations.of(stage).addPlugins(new FlinkStateRules());
      const exit = process.exitCode;
      const told: string[] = [];
      const error = vi.spyOn(console, 'error').mockImplementation((...words) => void told.push(words.join(' ')));
      try {
        app.synth();
      } catch (thrown) {
        told.push(String(thrown));
      } finally {
        error.mockRestore();
      }
      const code = process.exitCode;
      process.exitCode = exit;
      return { code, told: told.join('\n') };
    };

    const bad = synth(WEEK);
    const good = synth({ abortIncompleteMultipartUploadAfter: Duration.days(7) });

    expect(bad.told).toContain('flink-state-taken');
    expect(good.told).not.toContain('flink-state');
  });
});
