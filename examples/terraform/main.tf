# Deploys Flink Steward for one bucket, from the files of flink-steward-cloudformation.zip.

locals {
  template = "${var.package}/flink-steward.template.json"
  code     = fileset(var.package, "*.zip")
}

data "aws_s3_bucket" "assets" {
  bucket = var.asset_bucket
}

resource "aws_s3_object" "code" {
  for_each    = local.code
  bucket      = data.aws_s3_bucket.assets.bucket
  key         = "${var.asset_prefix}/${each.value}"
  source      = "${var.package}/${each.value}"
  source_hash = filemd5("${var.package}/${each.value}")
}

# The name contains a hash of the content. So a new template has a new URL, and Terraform updates the stack.
resource "aws_s3_object" "template" {
  bucket = data.aws_s3_bucket.assets.bucket
  key    = "${var.asset_prefix}/${filemd5(local.template)}.template.json"
  source = local.template
}

resource "aws_cloudformation_stack" "flink_steward" {
  name         = var.name
  template_url = "https://${data.aws_s3_bucket.assets.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_IAM"]

  parameters = {
    AssetBucket     = data.aws_s3_bucket.assets.bucket
    AssetPrefix     = var.asset_prefix
    Bucket          = var.bucket
    Prefix          = var.prefix
    BucketKmsKey    = var.bucket_kms_key
    BucketVersioned = tostring(var.bucket_versioned)
    Mode            = var.mode
    AlarmMail       = var.alarm_mail
    SlackSecretName = var.slack_secret_name
    DropArea        = tostring(var.drop_area)
  }

  depends_on = [aws_s3_object.code]
}
