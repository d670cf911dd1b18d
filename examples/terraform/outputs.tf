output "manual_function_name" {
  description = "The function manual, which steward --stack invokes."
  value       = aws_cloudformation_stack.flink_steward.outputs["ManualFunctionName"]
}

output "ledger_bucket_name" {
  description = "The ledger bucket. It is kept when the stack is destroyed."
  value       = aws_cloudformation_stack.flink_steward.outputs["LedgerBucketName"]
}

output "checkpoint_queue_arn" {
  description = "The queue for a queue block of the bucket's aws_s3_bucket_notification, with filter_suffix = \"/_metadata\"."
  value       = aws_cloudformation_stack.flink_steward.outputs["CheckpointQueueArn"]
}

output "alarm_topic_arn" {
  description = "The SNS topic of the alarms, to add subscribers."
  value       = aws_cloudformation_stack.flink_steward.outputs["AlarmTopicArn"]
}
