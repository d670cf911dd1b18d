variable "package" {
  type        = string
  description = "The folder into which flink-steward-cloudformation.zip was unpacked."
}

variable "asset_bucket" {
  type        = string
  description = "A bucket in the region of the stack, for the code of the functions."
}

variable "asset_prefix" {
  type        = string
  description = "The folder in that bucket for the code."
  default     = "flink-steward"
}

variable "name" {
  type        = string
  description = "The name of the stack."
  default     = "FlinkSteward"

  validation {
    condition     = length(var.name) <= 50
    error_message = "The name of the stack may have at most 50 characters, because names of resources are derived from it."
  }
}

variable "bucket" {
  type        = string
  description = "The bucket with the checkpoints, in the region of the stack."
}

variable "prefix" {
  type        = string
  description = "The folder in that bucket with checkpoints and savepoints; empty for the whole bucket."
  default     = ""
}

variable "bucket_kms_key" {
  type        = string
  description = "ARN of the KMS key that encrypts the bucket; empty for none."
  default     = ""
}

variable "bucket_versioned" {
  type        = bool
  description = "Whether the bucket keeps versions. If true, undo gets the right to put back deleted objects."
  default     = false
}

variable "mode" {
  type        = string
  description = "observe deletes nothing by itself. Change to collect once the plans are what you expect."
  default     = "observe"
}

variable "alarm_mail" {
  type        = string
  description = "The mail address that receives the alarms, once it has confirmed the subscription; empty for none."
  default     = ""
}

variable "slack_secret_name" {
  type        = string
  description = "The name of the secret that holds the URL of a Slack webhook; empty for no Slack."
  default     = ""
}

variable "drop_area" {
  type        = bool
  description = "Whether an update may remove the present bucket or folder from the area."
  default     = false
}
