"""Requests the settings of engine hosts with pika, through direct reply-to, and prints the answer."""

import os

import pika

connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
channel = connection.channel()


def answered(channel, method, properties, body):
    assert properties.correlation_id == "settings", properties
    print(body.decode())
    connection.close()


channel.basic_consume("amq.rabbitmq.reply-to", answered, auto_ack=True)
channel.basic_publish(
    "ovirt.engine-backup",
    "BACKUP_SETTINGS_REQUESTED",
    b"",
    pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id="settings"),
)
connection.call_later(5, connection.close)
try:
    channel.start_consuming()
except pika.exceptions.ConnectionClosed:
    pass
