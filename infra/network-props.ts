import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/** A network as CDK knows it. */
export interface NetworkProps {
  /**
   * Where the functions run that ask the clusters of `flinkRest`. They need a way from there to S3, Lambda, Step
   * Functions and CloudWatch: a NAT gateway, or endpoints.
   *
   * @default - what `deploy.vpc` of the configuration says, else none.
   */
  readonly vpc?: IVpc;
  /** @default - the private subnets of {@link vpc} that have a way out. */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - a new one, which lets everything out and nothing in. */
  readonly securityGroups?: readonly ISecurityGroup[];
}
