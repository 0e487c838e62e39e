"""Publishes one message with pika: publish.py EXCHANGE ROUTING_KEY [PROPERTIES as JSON], the body on standard input."""

import json
import os
import sys

import pika

exchange, routing_key = sys.argv[1:3]
properties = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
channel = connection.channel()
channel.confirm_delivery()
channel.basic_publish(
    exchange,
    routing_key,
    sys.stdin.buffer.read(),
    properties=pika.BasicProperties(delivery_mode=2, **properties),
    mandatory=True,
)
connection.close()
