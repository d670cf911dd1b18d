"""Asks a cloud, with the AWS SDK for Python, what of a stack is really there. Prints one JSON document."""

import ast
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
    }


def function(name):
    found = client("lambda").get_function(FunctionName=name)
    told = found["Configuration"]
    return {
        "runtime": told["Runtime"],
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
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        if isinstance(document, str):
            # moto keeps what its CloudFormation hands it as Python prints it.
            document = ast.literal_eval(document)
        found = document["Statement"]
        statements += found if isinstance(found, list) else [found]
    return sorted(statement["Sid"] for statement in statements)


def bucket(name):
    s3 = client("s3")
    return {
        "encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0][
            "ApplyServerSideEncryptionByDefault"
        ]["SSEAlgorithm"],
    }


def mapping(uuid):
    found = client("lambda").get_event_source_mapping(UUID=uuid)
    return {"batch": found["BatchSize"], "types": found.get("FunctionResponseTypes")}


def log_group(name):
    groups = client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return {"days": groups[0]["retentionInDays"]}


ASK = {
    "AWS::SQS::Queue": queue,
    "AWS::Lambda::Function": function,
    "AWS::IAM::Role": role,
    "AWS::S3::Bucket": bucket,
    "AWS::Lambda::EventSourceMapping": mapping,
    "AWS::Logs::LogGroup": log_group,
}

if len(sys.argv) > 2:
    # What is left of a stack that is gone.
    buckets = [one["Name"] for one in client("s3").list_buckets()["Buckets"]]
    functions = [one["FunctionName"] for one in client("lambda").list_functions()["Functions"]]
    print(json.dumps({"buckets": buckets, "functions": functions}))
    sys.exit()

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
layers = [one["LatestMatchingVersion"]["Description"] for one in client("lambda").list_layers()["Layers"]]
print(json.dumps({"made": made, "layers": layers}))
