"""Subscribes to alerts with pika: subscribe.py NAME. Prints the line "subscribed", then a line of JSON for each event."""

import json
import os
import sys

import pika

queue = "subscriber." + sys.argv[1]
connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
channel = connection.channel()
channel.queue_declare(queue, durable=True)
channel.queue_bind(queue, "ovirt.backup-alerts", "#")
print("subscribed", flush=True)
for method, properties, body in channel.consume(queue):
    event = json.loads(body)
    print(
        json.dumps(
            {
                "routing_key": method.routing_key,
                "content_type": properties.content_type,
                "delivery_mode": properties.delivery_mode,
                "message_id": properties.message_id,
                "type": properties.type,
                "timestamp": properties.timestamp,
                "app_id": properties.app_id,
                "user_id": properties.user_id,
                "event": event,
            }
        ),
        flush=True,
    )
    channel.basic_ack(method.delivery_tag)
