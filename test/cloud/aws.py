"""Makes the calls that it reads, one a line as JSON, with the SDK that MiniStack itself needs, and answers line by line."""

import json
import sys

import botocore.session

session = botocore.session.Session()
clients = {}
for line in sys.stdin:
    call = json.loads(line)
    try:
        service = call["service"]
        if service not in clients:
            clients[service] = session.create_client(service)
        answer = {"answer": getattr(clients[service], call["operation"])(**call["input"])}
    except Exception as error:  # pylint: disable=broad-except
        answer = {"error": str(error)}
    print(json.dumps(answer, default=str), flush=True)
