"""Asks a cloud, with the AWS SDK for Python, what of a stack is really there. Prints one JSON document."""

import json
import sys

import boto3

STACK = sys.argv[1]
client = boto3.client


def queue(url):
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return {
        "redrive": json.loads(attributes.get("RedrivePolicy", "null")),
        "visibility": attributes["VisibilityTimeout"],
        "policy": [s.get("Sid") or s["Effect"] for s in json.loads(attributes["Policy"])["Statement"]],
    }


def function(name):
    found = client("lambda").get_function(FunctionName=name)
    told = found["Configuration"]
    return {
        "runtime": told["Runtime"],
        "architectures": told["Architectures"],
        "handler": told["Handler"],
        "environment": sorted(told["Environment"]["Variables"]),
        "layers": len(told.get("Layers", [])),
        "concurrency": found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
        "role": told["Role"].split("/")[-1],
    }


def role(name):
    iam = client("iam")
    statements = []
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        statements += iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]
    return sorted(statement["Sid"] for statement in statements)


def bucket(name):
    s3 = client("s3")
    return {
        "versioning": s3.get_bucket_versioning(Bucket=name).get("Status"),
        "encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0][
            "ApplyServerSideEncryptionByDefault"
        ]["SSEAlgorithm"],
        "public": s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
        "policy": len(json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]),
    }


def schedule(name):
    found = client("scheduler").get_schedule(Name=name.split("/")[-1].split("|")[-1])
    return {
        "expression": found["ScheduleExpression"],
        "timeZone": found.get("ScheduleExpressionTimezone"),
        "state": found["State"],
        "retries": found["Target"]["RetryPolicy"]["MaximumRetryAttempts"],
    }


def mapping(uuid):
    found = client("lambda").get_event_source_mapping(UUID=uuid)
    return {"batch": found["BatchSize"], "types": found.get("FunctionResponseTypes")}


def log_group(name):
    groups = client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return {"days": groups[0]["retentionInDays"]}


def layer(arn):
    return {"arn": client("lambda").get_layer_version_by_arn(Arn=arn)["LayerVersionArn"]}


def rule(name):
    found = client("events").describe_rule(Name=name.split("/")[-1])
    return {"pattern": json.loads(found["EventPattern"])}


ASK = {
    "AWS::SQS::Queue": queue,
    "AWS::Lambda::Function": function,
    "AWS::IAM::Role": role,
    "AWS::S3::Bucket": bucket,
    "AWS::Scheduler::Schedule": schedule,
    "AWS::Lambda::EventSourceMapping": mapping,
    "AWS::Logs::LogGroup": log_group,
    "AWS::Lambda::LayerVersion": layer,
    "AWS::Events::Rule": rule,
}

made = {}
for page in client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK):
    for resource in page["StackResourceSummaries"]:
        kind, name = resource["ResourceType"], resource.get("PhysicalResourceId")
        told = {"type": kind}
        if kind in ASK:
            try:
                told["is"] = ASK[kind](name)
            except Exception as error:  # noqa: BLE001: whatever is the matter, it is not there
                told["missing"] = f"{type(error).__name__}: {error}"
        made[resource["LogicalResourceId"]] = told
stacks = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks[0].get("Outputs", [])}
buckets = [one["Name"] for one in client("s3").list_buckets()["Buckets"]]
print(json.dumps({"made": made, "outputs": outputs, "buckets": buckets}))
