#!/usr/bin/env python3
"""Follows the backup alerts of oVirt engines, and prints the active ones, a line of JSON, whenever they have changed.

    AMQP_URL=amqp://subscriber.NAME:PASSWORD@HOST/VHOST python3 subscriber.py

It needs pika (Debian: python3-pika). It keeps nothing on disk: its queue holds what happens while it is away, and at each start it
asks which alerts are active.
"""
import json
import os
import sys
import time
import urllib.parse
import uuid
from collections import OrderedDict

import pika

URL = os.environ.get("AMQP_URL", "amqp://localhost")
# A subscriber's broker user and its queue have the same name.
QUEUE = urllib.parse.unquote(urllib.parse.urlparse(URL).username or "")
ASK_AGAIN_S = 10
KNOWN_TYPES = {f"org.ovirt.{name}" for name in ("BackupAlertRaised", "BackupAlertCleared", "DatabaseRestored")}


class Subscriber:
    def __init__(self):
        self.active = {}  # by alert_id
        self.sequences = {}  # the last one that is known of each engine
        self.seen = OrderedDict()  # source and id of the latest events
        self.parts = self.question = None

    def follow(self):
        """Raises when the connection has ended."""
        parameters = pika.URLParameters(URL)
        parameters.heartbeat = 10
        connection = pika.BlockingConnection(parameters)
        self.channel = connection.channel()
        self.channel.basic_qos(prefetch_count=100)
        self.channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        # First this, then ask: nothing is missed in between.
        self.channel.queue_bind(QUEUE, "ovirt.backup-alerts", "#")
        self.held = []  # events that wait for an answer; what an earlier connection held comes again
        self.channel.basic_consume("amq.rabbitmq.reply-to", self.answered, auto_ack=True)
        self.ask()
        self.channel.basic_consume(QUEUE, self.arrived)
        while True:
            connection.process_data_events(time_limit=ASK_AGAIN_S)
            if not self.channel.is_open:
                raise pika.exceptions.AMQPChannelError("the channel is closed")
            if self.parts is not None and time.monotonic() > self.asked_at + ASK_AGAIN_S:
                self.ask()

    def ask(self):
        self.question, self.parts, self.asked_at = str(uuid.uuid4()), [], time.monotonic()
        self.channel.basic_publish(
            "ovirt.backup-alerts.requests",
            "ACTIVE_ALERTS_REQUESTED",
            b"",
            pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id=self.question),
        )

    def answered(self, _channel, _method, properties, body):
        if properties.correlation_id != self.question or self.parts is None:
            return  # of an earlier question
        self.parts.append(json.loads(body))
        if not self.parts[-1]["last"]:
            return
        events = [event for part in self.parts for event in part["alerts"]]
        self.active = {event["data"]["alert_id"]: event["data"] for event in events}
        self.sequences = {fqdn: n for part in self.parts for fqdn, n in part["sequence"].items()}
        self.parts = None
        self.print()
        held, self.held = self.held, []
        for tag, event in held:
            self.take(tag, event, has_just_asked=True)

    def arrived(self, _channel, method, _properties, body):
        self.take(method.delivery_tag, json.loads(body))

    def take(self, tag, event, has_just_asked=False):
        if self.parts is not None:
            return self.held.append((tag, event))
        if event["type"] not in KNOWN_TYPES:
            return self.channel.basic_ack(tag)  # of a later version
        data, key = event["data"], (event["source"], event["id"])
        known = self.sequences.get(data["fqdn"], 0)
        is_new = key not in self.seen and data["sequence"] > known
        is_restored = event["type"] == "org.ovirt.DatabaseRestored"
        if is_new and data["sequence"] > known + 1 and not is_restored and not has_just_asked:
            print(f"gap: {data['fqdn']} is at {data['sequence']}, known was {known}", file=sys.stderr)
            self.held.append((tag, event))
            return self.ask()
        if is_new:
            if is_restored:
                self.ask()  # what came before it may no longer be true
            elif event["type"] == "org.ovirt.BackupAlertRaised":
                self.active[data["alert_id"]] = data
            else:
                self.active.pop(data["alert_id"], None)
            self.sequences[data["fqdn"]] = data["sequence"]
            self.seen[key] = None
            if len(self.seen) > 10_000:
                self.seen.popitem(last=False)
            self.print()
        self.channel.basic_ack(tag)  # only now: whatever is not acknowledged comes again

    def print(self):
        fields = ("fqdn", "alert", "alert_id")
        print(json.dumps([{name: it[name] for name in fields} for it in self.active.values()]), flush=True)


subscriber = Subscriber()
while True:
    try:
        subscriber.follow()
    except (pika.exceptions.AMQPError, OSError) as error:
        print(f"{error!r}; connecting again", file=sys.stderr)
    time.sleep(2)
