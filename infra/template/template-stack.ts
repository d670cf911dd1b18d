import { CfnCondition, CfnOutput, CfnParameter, CfnResource, Fn, type IStackSynthesizer } from 'aws-cdk-lib';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { StewardJson } from '#config/steward-json.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import { NO_VALUE } from './cfn.ts';
import { ParameterAssets, type TemplateAsset } from './parameter-assets.ts';
import { PARAMETER_GROUPS, type ParameterName, TEMPLATE_PARAMETERS, type TemplateParameter } from './parameters.ts';

export interface TemplateStackProps {
  readonly configuration: StewardJson;
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  readonly stackName: string;
}

/** The condition by which each choice of people holds. */
export const CONDITIONS = {
  hasPrefix: 'HasPrefix',
  isEncrypted: 'HasKmsKey',
  isVersioned: 'KeepsVersions',
  collects: 'Collects',
  tellsSlack: 'TellsSlack',
  sendsMail: 'SendsMail',
  mayDropArea: 'MayDropArea',
} as const;

/** What outputs say otherwise, where there is no `steward.json` and where a name is not known yet. */
const OUTPUTS: Readonly<Record<string, string>> = {
  Area: 'What this stack looks after. An update that leaves it out fails, unless the parameter DropArea is true.',
  CheckpointNotification1: 'The entry for the QueueConfigurations in the notifications of the bucket.',
  LedgerBucketName: 'The bucket of the ledger. It is kept when the stack is deleted.',
  MetricNamespace: 'The CloudWatch namespace of the metrics.',
};

/**
 * The stack of one adopted bucket with the parameters, the conditions, and what they alone decide. What depends on a
 * parameter and is decided at synthesis is in several of these stacks, of which one template is made.
 */
export class TemplateStack extends FlinkStewardStack {
  readonly assets: readonly TemplateAsset[];

  constructor(scope: Construct, id: string, { configuration, bundles, stackName }: TemplateStackProps) {
    const synthesizer = new ParameterAssets(
      'AssetBucket' satisfies ParameterName,
      'AssetPrefix' satisfies ParameterName,
    );
    super(scope, id, {
      stackName,
      synthesizer: synthesizer as IStackSynthesizer,
      steward: { configuration, bundles, configurationIn: 'environment', mayDropArea: false },
    });
    this.assets = synthesizer.assets;
    for (const [name, parameter] of Object.entries<TemplateParameter>(TEMPLATE_PARAMETERS)) {
      const { label: _, allowedValues, ...said } = parameter;
      new CfnParameter(this, name, {
        ...said,
        ...(allowedValues === undefined ? {} : { allowedValues: [...allowedValues] }),
      });
    }
    // Of what stands for the key. A rule knows no part of a parameter.
    this.steward.node.tryRemoveChild('Region');
    this.templateOptions.metadata = { 'AWS::CloudFormation::Interface': consoleForm() };
    this.#condition(CONDITIONS.hasPrefix, Fn.conditionNot(is('Prefix', '')));
    this.#condition(CONDITIONS.isEncrypted, Fn.conditionNot(is('BucketKmsKey', '')));
    this.#condition(CONDITIONS.isVersioned, is('BucketVersioned', 'true'));
    this.#condition(CONDITIONS.collects, is('Mode', 'collect'));
    this.#condition(CONDITIONS.tellsSlack, Fn.conditionNot(is('SlackSecretName', '')));
    this.#mail(this.#condition(CONDITIONS.sendsMail, Fn.conditionNot(is('AlarmMail', ''))));
    this.#condition(CONDITIONS.mayDropArea, is('DropArea', 'true'));
    const deployed = this.steward.node.findChild('Deployed').node.defaultChild;
    if (deployed instanceof CfnResource) {
      deployed.addPropertyOverride('MayDropArea', { 'Fn::If': [CONDITIONS.mayDropArea, 'true', NO_VALUE] });
    }
    for (const [name, description] of Object.entries(OUTPUTS)) {
      const output = this.node.findChild(name);
      if (output instanceof CfnOutput) output.description = description;
    }
  }

  #condition(name: string, expression: ReturnType<typeof is>): CfnCondition {
    return new CfnCondition(this, name, { expression });
  }

  #mail(condition: CfnCondition): void {
    const topicArn = this.steward.alarmTopic?.topicArn ?? '';
    const subscription = new CfnSubscription(this, 'AlarmMailSubscription', {
      topicArn,
      protocol: 'email',
      endpoint: Fn.ref('AlarmMail' satisfies ParameterName),
    });
    subscription.cfnOptions.condition = condition;
  }
}

function is(name: ParameterName, value: string): ReturnType<typeof Fn.conditionEquals> {
  return Fn.conditionEquals(Fn.ref(name), value);
}

/** The parameters in groups, with labels. */
function consoleForm(): object {
  return {
    ParameterGroups: PARAMETER_GROUPS.map(({ label, parameters }) => ({
      Label: { default: label },
      Parameters: parameters,
    })),
    ParameterLabels: Object.fromEntries(
      Object.entries(TEMPLATE_PARAMETERS).map(([name, { label }]) => [name, { default: label }]),
    ),
  };
}
