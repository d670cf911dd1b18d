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
  description = "The folder in it."
  default     = "flink-steward"
}

variable "name" {
  type        = string
  description = "The name of the stack."
  default     = "FlinkSteward"

  validation {
    condition     = length(var.name) <= 50
    error_message = "A name of more than 50 characters leaves the state machine in the stack none for its own."
  }
}

variable "bucket" {
  type        = string
  description = "The bucket with the checkpoints, in the region of the stack."
}

variable "prefix" {
  type        = string
  description = "The folder in it that holds them; empty for the whole bucket."
  default     = ""
}

variable "bucket_kms_key" {
  type        = string
  description = "ARN of the KMS key that encrypts the bucket; empty for none."
  default     = ""
}

variable "bucket_versioned" {
  type        = bool
  description = "Whether the bucket keeps versions, so that undo may put back deleted objects."
  default     = false
}

variable "mode" {
  type        = string
  description = "observe, or collect once its plans are what you expect."
  default     = "observe"
}

variable "alarm_mail" {
  type        = string
  description = "Who gets the alarms by mail, once confirmed; empty for nobody."
  default     = ""
}

variable "slack_secret_name" {
  type        = string
  description = "The secret that holds the address of a webhook of Slack; empty for no Slack."
  default     = ""
}

variable "drop_area" {
  type        = bool
  description = "Whether an update may look after another bucket or folder."
  default     = false
}
