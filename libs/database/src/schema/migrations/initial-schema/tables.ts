// Host names, ids and scopes are compared and sorted by bytes (COLLATE "C"): faster than a language's order, and the same on every
// server, which the order of locks relies on.

export const TABLES_SQL = [
  `CREATE TABLE engine_backup_log (
    fqdn varchar(255) COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    scope varchar(64) COLLATE "C" NOT NULL,
    done_at timestamptz NOT NULL,
    is_passed boolean,
    output_message text NOT NULL,
    log_path text NOT NULL,
    run_id text,
    received_at timestamptz NOT NULL,
    counted_at timestamptz NOT NULL,
    reported_by text,
    PRIMARY KEY (fqdn, event_id)
  )`,
  `CREATE INDEX engine_backup_log_by_page ON engine_backup_log (fqdn, done_at DESC, event_id)`,

  // Every batch of reports updates these rows: half-empty pages keep the update on its page (HOT).
  `CREATE TABLE engine_last_success (
    fqdn varchar(255) COLLATE "C" NOT NULL,
    scope varchar(64) COLLATE "C" NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (fqdn, scope)
  ) WITH (fillfactor = 50)`,

  `CREATE TABLE engine (
    fqdn varchar(255) COLLATE "C" PRIMARY KEY,
    watched_since timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz,
    alert_period_days numeric,
    alert_period_changed_at timestamptz,
    version int NOT NULL DEFAULT 0
  )`,

  `CREATE TABLE vdc_options (
    option_name varchar(100) NOT NULL,
    version varchar(40) NOT NULL DEFAULT 'general',
    option_value text NOT NULL,
    default_value text NOT NULL,
    changed_at timestamptz,
    PRIMARY KEY (option_name, version)
  )`,

  `CREATE TABLE alert (
    alert_id uuid PRIMARY KEY,
    alert varchar(100) NOT NULL,
    fqdn varchar(255) COLLATE "C" NOT NULL,
    run_id text,
    since timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    last_full_backup_at timestamptz,
    alert_period_days numeric NOT NULL,
    sequence bigint NOT NULL,
    message text NOT NULL,
    cleared_at timestamptz,
    cleared_sequence bigint,
    reason varchar(100)
  )`,
  `CREATE UNIQUE INDEX alert_one_of_freshness_active ON alert (fqdn)
    WHERE cleared_at IS NULL AND alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')`,
  `CREATE INDEX alert_active ON alert (fqdn) WHERE cleared_at IS NULL`,
  `CREATE UNIQUE INDEX alert_by_sequence ON alert (fqdn, sequence)`,

  `CREATE TABLE engine_alert_state (
    fqdn varchar(255) COLLATE "C" PRIMARY KEY,
    last_sequence bigint NOT NULL DEFAULT 0,
    decided_version int NOT NULL DEFAULT 0
  )`,

  `CREATE TABLE alert_dismissal (
    alert_id uuid PRIMARY KEY,
    dismissed_at timestamptz NOT NULL,
    dismissed_by text NOT NULL
  )`,

  `CREATE TABLE checker_lease (
    id smallint PRIMARY KEY CONSTRAINT checker_lease_one_row CHECK (id = 1),
    holder text NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
  )`,

  `CREATE TABLE checker_state (
    id smallint PRIMARY KEY CONSTRAINT checker_state_one_row CHECK (id = 1),
    last_check_at timestamptz,
    next_check_at timestamptz,
    engines int NOT NULL DEFAULT 0,
    raised int NOT NULL DEFAULT 0,
    cleared int NOT NULL DEFAULT 0
  )`,

  `CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL,
    name varchar(100) NOT NULL,
    exchange text NOT NULL,
    routing_key text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    time timestamptz NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    set_aside_at timestamptz
  )`,
  `CREATE INDEX outbox_waiting ON outbox (id) WHERE set_aside_at IS NULL`,

  // The check on the key's length: an index entry holds some 2,700 bytes, and a longer one would fail as an error of the environment
  // (54000), which is tried again for ever.
  `CREATE TABLE audit_log (
    audit_log_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log_time timestamptz NOT NULL,
    log_type_name varchar(100) NOT NULL,
    log_type int NOT NULL,
    severity int NOT NULL,
    message text NOT NULL,
    origin text COLLATE "C" NOT NULL,
    correlation_id text,
    fqdn varchar(255) COLLATE "C",
    alert_id uuid,
    event_id text COLLATE "C" NOT NULL,
    event_name varchar(100) NOT NULL,
    custom_data jsonb NOT NULL,
    CONSTRAINT audit_log_once UNIQUE (origin, event_id),
    CONSTRAINT audit_log_key_fits CHECK (octet_length(origin) + octet_length(event_id) <= 2600),
    CONSTRAINT audit_log_alert_has_id
      CHECK (alert_id IS NOT NULL OR event_name NOT IN ('BackupAlertRaised', 'BackupAlertCleared'))
  )`,
  `CREATE INDEX audit_log_of_alert ON audit_log (alert_id) WHERE alert_id IS NOT NULL`,
  `CREATE INDEX audit_log_of_engine ON audit_log (fqdn, audit_log_id)`,
  `CREATE INDEX audit_log_by_time ON audit_log (log_time)`,
];

const EXCLUDED_TABLES =
  'async_tasks,async_tasks_entities,job,job_subject_entity,step,step_subject_entity,' +
  'command_entities,command_assoc_entities,business_entity_snapshot';

export const SEED_SQL = [
  `INSERT INTO vdc_options (option_name, option_value, default_value) VALUES
    ('BackupCheckPeriodInHours', '6', '6'),
    ('BackupAlertPeriodInDays', '1', '1'),
    ('BackupExcludedTables', '${EXCLUDED_TABLES}', '${EXCLUDED_TABLES}'),
    ('BackupExcludeMode', 'data', 'data')`,
  `INSERT INTO checker_lease (id, holder, epoch, expires_at) VALUES (1, '', 0, 'epoch')`,
  `INSERT INTO checker_state (id) VALUES (1)`,
];

export const DROP_TABLES_SQL = [
  'audit_log',
  'outbox',
  'checker_state',
  'checker_lease',
  'alert_dismissal',
  'engine_alert_state',
  'alert',
  'vdc_options',
  'engine',
  'engine_last_success',
  'engine_backup_log',
].map((table) => `DROP TABLE ${table}`);
