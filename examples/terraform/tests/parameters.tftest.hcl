# Without AWS: `terraform test -var package=FOLDER`.

mock_provider "aws" {}

variables {
  asset_bucket = "my-assets"
  bucket       = "my-bucket"
  prefix       = "flink"
}

run "passes_the_parameters_of_the_template" {
  command = plan

  assert {
    condition     = keys(aws_cloudformation_stack.flink_steward.parameters) == tolist(keys(jsondecode(file("${var.package}/flink-steward.template.json")).Parameters))
    error_message = "The parameters of the stack must be those of its template."
  }

  assert {
    condition     = alltrue([for key in values(aws_s3_object.code)[*].key : startswith(key, "flink-steward/")]) && length(aws_s3_object.code) == 9
    error_message = "The code of each function must be uploaded."
  }

  assert {
    condition     = aws_cloudformation_stack.flink_steward.parameters["DropArea"] == "false"
    error_message = "A boolean must be passed as the text that the template expects."
  }
}
