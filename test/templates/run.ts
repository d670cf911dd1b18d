import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PythonEnvironment } from '../support/python-environment.ts';
import { complaints, readFindings } from './findings.ts';
import { PASSED_OVER } from './passed-over.ts';
import { judgeTerraform } from './terraform.ts';
import { PLAIN, writeTemplates } from './write-templates.ts';

/**
 * Holds the templates of the sample configurations against cfn-lint, which knows what CloudFormation and IAM take, and the
 * example for Terraform against Terraform.
 *
 * usage: npm run test:templates
 */

/** Not its own requirements: what it finds is decided by the tables that it brings. */
const ENVIRONMENT = new PythonEnvironment(['cfn-lint==1.58.0'], 'cfnlint');
const REGIONS = ['eu-central-1', 'us-east-1'];
/** SQS calls the property MessageRetentionPeriod. */
const WRONG = { Resources: { Wrong: { Type: 'AWS::SQS::Queue', Properties: { Retention: 60 } } } };

const missing = ENVIRONMENT.whatIsMissing();
if (missing !== null) {
  console.log(`test:templates: skipped, because ${missing}.`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-templates-'));
  try {
    judge(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(folder: string): void {
  // `npm run synth` runs the validation of the CDK.
  process.env.CDK_VALIDATION = 'false';
  const samples = writeTemplates(folder);
  const wrong = join(folder, 'wrong.template.json');
  writeFileSync(wrong, JSON.stringify(WRONG));
  const args = ['--format', 'json', '--regions', ...REGIONS, '--template', ...samples.keys(), wrong];
  const { stdout, stderr, status } = spawnSync(ENVIRONMENT.command('cfn-lint'), args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    // It would follow a .cfnlintrc of whoever runs it.
    cwd: folder,
    env: { ...process.env, HOME: folder },
  });
  if (!stdout.startsWith('[')) {
    throw new Error(`cfn-lint ended with status ${status} and without a list of findings. It says: ${stderr}${stdout}`);
  }
  const findings = readFindings(stdout, samples);
  const told = complaints(findings, PASSED_OVER);
  for (const complaint of told) console.error(complaint);
  console.log(
    `${samples.size} templates, ${findings.length} findings of cfn-lint, ${PASSED_OVER.length} reasons to pass over some, ${told.length} complaints.`,
  );
  const terraform = judgeTerraform(folder, join(folder, PLAIN));
  console.log(`The example for Terraform: ${terraform.said}.`);
  if (told.length > 0 || !terraform.isWell) process.exitCode = 1;
}
