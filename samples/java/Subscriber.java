import com.fasterxml.jackson.databind.*;
import com.rabbitmq.client.*;
import java.io.IOException;
import java.net.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Collectors;

/**
 * Follows the backup alerts of oVirt engines, and prints the active ones, a line of JSON, whenever they have changed.
 *   AMQP_URL=amqp://subscriber.NAME:PASSWORD@HOST/VHOST java -cp 'amqp-client.jar:jackson-databind.jar:…' Subscriber.java
 *
 * It keeps nothing on disk: its queue holds what happens while it is away, and at each start it asks which alerts are active.
 */
public class Subscriber {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String REPLY_TO = "amq.rabbitmq.reply-to";
  static final int ASK_AGAIN_S = 10;
  static final Set<String> KNOWN_TYPES = Set.of("org.ovirt.BackupAlertRaised", "org.ovirt.BackupAlertCleared", "org.ovirt.DatabaseRestored");

  final Map<String, JsonNode> active = new LinkedHashMap<>(); // by alert_id
  final Map<String, Long> sequences = new HashMap<>(); // the last one that is known of each engine
  final Set<String> seen = new LinkedHashSet<>(); // source and id of the latest events
  final List<Delivery> held = new ArrayList<>(); // events that wait for an answer
  List<JsonNode> parts; // null: no question is open
  String question;
  Channel channel;

  public static void main(String[] args) throws Exception {
    for (Subscriber subscriber = new Subscriber(); ; Thread.sleep(2_000)) {
      try {
        subscriber.follow(System.getenv().getOrDefault("AMQP_URL", "amqp://localhost"));
      } catch (IOException | ShutdownSignalException error) {
        System.err.println(error + "; connecting again");
      }
    }
  }

  /** Returns when the connection has ended. */
  void follow(String url) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(url);
    factory.setRequestedHeartbeat(10);
    factory.setAutomaticRecoveryEnabled(false); // A new connection asks first which alerts are active.
    // A subscriber's broker user and its queue have the same name.
    String queue = URLDecoder.decode(new URI(url).getRawUserInfo().split(":")[0], "UTF-8");
    CountDownLatch ended = new CountDownLatch(1);
    Connection connection = factory.newConnection();
    connection.addShutdownListener(cause -> ended.countDown());
    synchronized (this) {
      held.clear(); // What an earlier connection held comes again.
      channel = connection.createChannel();
      channel.addShutdownListener(cause -> connection.abort());
      channel.basicQos(100);
      channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
      channel.queueBind(queue, "ovirt.backup-alerts", "#"); // First this, then ask: nothing is missed in between.
      CancelCallback abort = tag -> connection.abort(); // The broker has ended the consumer.
      channel.basicConsume(REPLY_TO, true, (tag, part) -> answered(part), abort);
      ask();
      channel.basicConsume(queue, false, (tag, event) -> take(event, false), abort);
    }
    while (!ended.await(ASK_AGAIN_S, TimeUnit.SECONDS))
      synchronized (this) { if (parts != null) ask(); }
  }

  void ask() throws IOException {
    question = UUID.randomUUID().toString();
    parts = new ArrayList<>();
    var properties = new AMQP.BasicProperties.Builder().replyTo(REPLY_TO).correlationId(question).build();
    channel.basicPublish("ovirt.backup-alerts.requests", "ACTIVE_ALERTS_REQUESTED", properties, new byte[0]);
  }

  synchronized void answered(Delivery message) throws IOException {
    if (parts == null || !question.equals(message.getProperties().getCorrelationId())) return; // Of an earlier question.
    parts.add(JSON.readTree(message.getBody()));
    if (!parts.get(parts.size() - 1).get("last").asBoolean()) return;
    active.clear(); sequences.clear();
    for (JsonNode part : parts) {
      for (JsonNode event : part.get("alerts")) active.put(event.at("/data/alert_id").asText(), event.get("data"));
      part.get("sequence").fields().forEachRemaining(it -> sequences.put(it.getKey(), it.getValue().asLong()));
    }
    parts = null;
    print();
    List<Delivery> waiting = List.copyOf(held); held.clear();
    for (Delivery event : waiting) take(event, true);
  }

  synchronized void take(Delivery message, boolean hasJustAsked) throws IOException {
    JsonNode event = JSON.readTree(message.getBody()), data = event.get("data");
    String type = event.get("type").asText();
    if (!KNOWN_TYPES.contains(type)) { channel.basicAck(message.getEnvelope().getDeliveryTag(), false); return; } // Of a later version.
    String fqdn = data.get("fqdn").asText(), key = event.get("source").asText() + " " + event.get("id").asText();
    long sequence = data.get("sequence").asLong(), known = sequences.getOrDefault(fqdn, 0L);
    boolean isNew = !seen.contains(key) && sequence > known;
    boolean isRestored = type.equals("org.ovirt.DatabaseRestored");
    boolean isGap = parts == null && isNew && sequence > known + 1 && !isRestored && !hasJustAsked;
    if (isGap) {
      System.err.printf("gap: %s is at %d, known was %d%n", fqdn, sequence, known);
      ask();
    }
    if (parts != null) { held.add(message); return; }
    if (isNew) {
      if (isRestored) ask(); // What came before it may no longer be true.
      else if (type.equals("org.ovirt.BackupAlertRaised")) active.put(data.get("alert_id").asText(), data);
      else active.remove(data.get("alert_id").asText());
      sequences.put(fqdn, sequence);
      seen.add(key);
      if (seen.size() > 10_000) seen.remove(seen.iterator().next());
      print();
    }
    channel.basicAck(message.getEnvelope().getDeliveryTag(), false); // Only now: what is not acknowledged comes again.
  }

  void print() {
    System.out.println(active.values().stream()
        .map(data -> String.format("{\"fqdn\":%s,\"alert\":%s,\"alert_id\":%s}", data.get("fqdn"), data.get("alert"), data.get("alert_id")))
        .collect(Collectors.joining(",", "[", "]")));
  }
}
