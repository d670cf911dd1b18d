output "manual_function_name" {
  description = "The function that answers people: steward --stack asks it."
  value       = aws_cloudformation_stack.flink_steward.outputs["ManualFunctionName"]
}

output "ledger_bucket_name" {
  description = "The bucket of the ledger, which is kept when the stack is destroyed."
  value       = aws_cloudformation_stack.flink_steward.outputs["LedgerBucketName"]
}

output "checkpoint_queue_arn" {
  description = "The queue for a queue block of the bucket's aws_s3_bucket_notification, with filter_suffix = \"/_metadata\"."
  value       = aws_cloudformation_stack.flink_steward.outputs["CheckpointQueueArn"]
}

output "alarm_topic_arn" {
  description = "The topic of the alarms, for more subscribers."
  value       = aws_cloudformation_stack.flink_steward.outputs["AlarmTopicArn"]
}
