export interface paths {
  '/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How all engines stand, and whether that is known */
    get: operations['get_overview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/wall': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All monitored engines in short, the worst first: name, standing, age as a share */
    get: operations['get_wall'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/forecast': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Which engines turn too old, and when, if nothing more arrives; with limit= by_hour counts all of them too */
    get: operations['get_forecast'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/engines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Engines, page by page; retired ones only with verdict=retired */
    get: operations['get_engines'];
    put?: never;
    /** Monitor an engine, or resume monitoring a retired one */
    post: operations['post_engines'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/engines/{fqdn}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One engine: its verdict, and the facts behind it */
    get: operations['get_engines_fqdn'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Set an engine's own maximum age of its last full backup (null: the general one), or the only broker user that may report about it (null: any may); the user itself is set up in the broker */
    patch: operations['patch_engines_fqdn'];
    trace?: never;
  };
  '/engines/{fqdn}/explanation': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The present decision about an engine and its reason; with at= its verdict at that instant */
    get: operations['get_engines_fqdn_explanation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/engines/{fqdn}/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An engine's reports, page by page, the newest by the host's clock first */
    get: operations['get_engines_fqdn_reports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/engines/{fqdn}/coverage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Covered and uncovered stretches of time, of the last 90 days unless given */
    get: operations['get_engines_fqdn_coverage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/engines/{fqdn}/retirement': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stop monitoring an engine; its reports are still stored */
    post: operations['post_engines_fqdn_retirement'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All alerts, the newest first, page by page, also dismissed ones; with active= only those that are, or are not */
    get: operations['get_alerts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/alerts/{id}/dismissal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Hide an alert from people until it is cleared, or until an instant; it stays active */
    post: operations['post_alerts_id_dismissal'];
    /** End the dismissal of an alert: it is shown and sent again */
    delete: operations['delete_alerts_id_dismissal'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The audit log, the newest first, page by page; as text/csv or application/x-ndjson (also by format=csv or format=jsonl) the whole selection, the oldest first */
    get: operations['get_audit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/settings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All settings */
    get: operations['get_settings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/settings/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Change a setting; it takes effect within two seconds. It is applied at once: only the page asks for a typed number before a change that switches the product off or raises many alerts */
    put: operations['put_settings_name'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/settings/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What a change would do, now and in the last 30 days; nothing is changed */
    post: operations['post_settings_preview'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/{month}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** For a month in UTC, how far each engine was covered by its backups */
    get: operations['get_reports_month'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Messages that were refused for good, could not be delivered, or found no queue: page by page, the oldest first. Each stays where it is */
    get: operations['get_dead_letters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/dead-letters/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One dead letter with its payload; it stays where it is */
    get: operations['get_dead_letters_id'];
    put?: never;
    post?: never;
    /** Discard it, after that is recorded */
    delete: operations['delete_dead_letters_id'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/dead-letters/{id}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Publish it unchanged to where it came from; it is judged again, and becomes the same dead letter if it is still invalid */
    post: operations['post_dead_letters_id_replay'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/system': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Services, queues, lag, outbox, checker, notifier and versions; what does not answer within seconds is null, and unknown says why */
    get: operations['get_system'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Server-sent events: what has changed, once it can be fetched. With Last-Event-ID it goes on after that one, or begins with resync: then fetch everything that is shown. It ends with the session or the token */
    get: operations['get_events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sign-in': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Which ways of signing in there are; oidc begins at /sign-in/oidc */
    get: operations['get_sign_in'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is signed in */
    get: operations['get_session'];
    put?: never;
    /** Sign a browser in by a token; it gets a cookie */
    post: operations['post_session'];
    /** Sign out */
    delete: operations['delete_session'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Problem: {
      /** @constant */
      type: 'about:blank';
      title: string;
      status: number;
      detail: string;
      path?: string;
      expected?: string;
      got?: string;
    };
    Overview: {
      /** Format: date-time */
      now: string;
      trust: {
        known: boolean;
        reasons: components['schemas']['Reason'][];
        warnings?: components['schemas']['Reason'][];
      };
      counts: {
        watched: number;
        fresh: number;
        too_old: number;
        no_full_backup: number;
        unknown: number;
        stuck: number;
        dismissed: number;
      };
      next_to_turn: {
        fqdn: string;
        /** Format: date-time */
        at: string;
      } | null;
      worst: components['schemas']['EngineItem'][];
      next: components['schemas']['EngineItem'][];
      age_histogram: {
        from: number;
        to: number | null;
        count: number;
      }[];
      last_check_at: string | null;
      next_check_at: string | null;
    };
    Reason: {
      kind: string;
      parameters: {
        [key: string]: components['schemas']['Json'];
      };
      instants: {
        [key: string]: string;
      };
    };
    Json:
      | string
      | number
      | boolean
      | null
      | components['schemas']['Json'][]
      | {
          [key: string]: components['schemas']['Json'];
        };
    EngineItem: {
      fqdn: string;
      /** @enum {string} */
      verdict: 'fresh' | 'too_old' | 'no_full_backup' | 'unknown' | 'retired';
      last_full_backup_at: string | null;
      age_seconds: number | null;
      alert_period_days: number | null;
      turns_too_old_at: string | null;
      short_scope: ('db' | 'files') | null;
      active_alerts: components['schemas']['ActiveAlert'][];
      broker_user: string | null;
      /** Format: date-time */
      watched_since: string;
    };
    ActiveAlert: {
      alert_id: string;
      alert: string;
      run_id: string | null;
      scopes: string[] | null;
      /** Format: date-time */
      since: string;
      /** Format: date-time */
      raised_at: string;
      sequence: number;
      dismissed_at: string | null;
      dismissed_by: string | null;
      message: string;
    };
    Forecast: {
      /** Format: date-time */
      now: string;
      /** Format: date-time */
      until: string;
      engines: {
        fqdn: string;
        /** Format: date-time */
        turns_at: string;
        check_at: string | null;
        /** @enum {string} */
        short_scope: 'db' | 'files';
        /** Format: date-time */
        last_full_backup_at: string;
      }[];
      by_hour: {
        /** Format: date-time */
        hour: string;
        count: number;
      }[];
    };
    EnginesPage: {
      items: components['schemas']['EngineItem'][];
      next_cursor: string | null;
      total: number;
    };
    Engine: {
      fqdn: string;
      watched: boolean;
      /** Format: date-time */
      watched_since: string;
      retired_at: string | null;
      verdict: ('fresh' | 'too_old' | 'no_full_backup' | 'unknown') | null;
      last_db_success_at: string | null;
      last_files_success_at: string | null;
      last_full_backup_at: string | null;
      age_seconds: number | null;
      alert_period_days: number | null;
      alert_period_is_own: boolean;
      broker_user: string | null;
      active_alerts: components['schemas']['ActiveAlert'][];
      failed_runs: {
        scope: string;
        /** Format: date-time */
        failed_at: string;
        /** Format: date-time */
        received_at: string;
      }[];
      latest_report: {
        scope: string;
        /** @enum {string} */
        status: 'completed' | 'failed' | 'started';
        /** Format: date-time */
        done_at: string;
        /** Format: date-time */
        received_at: string;
      } | null;
    };
    Explanation: {
      fqdn: string;
      watched: boolean;
      /** Format: date-time */
      watched_since: string;
      retired_at: string | null;
      verdict: ('fresh' | 'too_old' | 'no_full_backup' | 'unknown') | null;
      last_db_success_at: string | null;
      last_files_success_at: string | null;
      last_full_backup_at: string | null;
      age_seconds: number | null;
      alert_period_days: number | null;
      alert_period_is_own: boolean;
      broker_user: string | null;
      active_alerts: components['schemas']['ActiveAlert'][];
      failed_runs: {
        scope: string;
        /** Format: date-time */
        failed_at: string;
        /** Format: date-time */
        received_at: string;
      }[];
      latest_report: {
        scope: string;
        /** @enum {string} */
        status: 'completed' | 'failed' | 'started';
        /** Format: date-time */
        done_at: string;
        /** Format: date-time */
        received_at: string;
      } | null;
      /** Format: date-time */
      now: string;
      outcome: ('unchanged' | 'raised' | 'cleared' | 'superseded') | null;
      reason: string | null;
      effect:
        ('none' | 'superseded' | 'within_seconds' | 'next_check' | 'when_checker_runs') | null;
      explanation: string;
      next: components['schemas']['WhatComesNext'];
      evidence: components['schemas']['Evidence'];
      latest_reports: {
        /** Format: date-time */
        done_at: string;
        scope: string;
        /** @enum {string} */
        status: 'completed' | 'failed' | 'started';
        /** Format: date-time */
        counted_at: string;
        /** Format: date-time */
        received_at: string;
        output_message: string;
        log_path: string;
        reported_by: string | null;
      }[];
    };
    WhatComesNext: {
      /** @enum {string} */
      kind:
        | 'turns_too_old'
        | 'alert_is_raised'
        | 'alert_is_cleared'
        | 'alert_stays'
        | 'nothing'
        | 'unknown';
      fresh_until: string | null;
      check_at: string | null;
      alert: string | null;
      needed_scopes: ('db' | 'files')[];
    };
    Evidence: {
      last_successes: {
        scope: string;
        event_id: string;
        /** Format: date-time */
        done_at: string;
        /** Format: date-time */
        received_at: string;
        /** Format: date-time */
        counted_at: string;
        reported_by: string | null;
        audit_log_id: string | null;
      }[];
      period: {
        changed_at: string | null;
        set_by: string | null;
        audit_log_id: string | null;
      };
      monitoring: {
        added_by: string | null;
        audit_log_id: string | null;
      };
      alerts: {
        alert_id: string;
        audit_log_id: string | null;
      }[];
      last_check_at: string | null;
      next_check_at: string | null;
    };
    PastExplanation: {
      fqdn: string;
      /** Format: date-time */
      at: string;
      can_tell_since: string | null;
      enabled: boolean | null;
      watched: boolean | null;
      watched_since: string | null;
      verdict: ('fresh' | 'too_old' | 'no_full_backup' | 'unknown') | null;
      reason: string | null;
      last_db_success_at: string | null;
      last_files_success_at: string | null;
      last_full_backup_at: string | null;
      age_seconds: number | null;
      alert_period_days: number | null;
      active_alerts:
        | {
            alert_id: string;
            alert: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            raised_at: string;
          }[]
        | null;
      explanation: string;
    };
    ReportsPage: {
      items: components['schemas']['Report'][];
      next_cursor: string | null;
    };
    Report: {
      event_id: string;
      run_id: string | null;
      scope: string;
      /** @enum {string} */
      status: 'completed' | 'failed' | 'started';
      started_at: string | null;
      finished_at: string | null;
      duration_seconds: number | null;
      /** Format: date-time */
      done_at: string;
      /** Format: date-time */
      received_at: string;
      /** Format: date-time */
      counted_at: string;
      /** @enum {string} */
      counted_by: 'done_at' | 'received_at' | 'sender_clock';
      reported_by: string | null;
      log_path: string;
      output_message: string;
    };
    Coverage: {
      fqdn: string;
      can_tell_since: string | null;
      spans: {
        /** Format: date-time */
        from: string;
        /** Format: date-time */
        until: string;
        /** @enum {string} */
        cover: 'covered' | 'uncovered' | 'unwatched';
      }[];
    };
    EngineAddition: {
      /** @enum {string} */
      outcome: 'added' | 'revived' | 'already_watched';
      fqdn: string;
      /** Format: date-time */
      watched_since: string;
      broker_user: string | null;
    };
    AlertsPage: {
      items: components['schemas']['Alert'][];
      next_cursor: string | null;
    };
    Alert: {
      alert_id: string;
      alert: string;
      fqdn: string;
      active: boolean;
      /** Format: date-time */
      since: string;
      /** Format: date-time */
      raised_at: string;
      cleared_at: string | null;
      reason: string | null;
      dismissed_at: string | null;
      dismissed_by: string | null;
      dismissed_until: string | null;
      dismissal_comment: string | null;
      sequence: number;
      message: string;
    };
    AuditPage: {
      items: components['schemas']['AuditRow'][];
      next_cursor: string | null;
    };
    AuditRow: {
      audit_log_id: string;
      /** Format: date-time */
      log_time: string;
      log_type_name: string;
      log_type: number;
      severity: number;
      message: string;
      origin: string;
      correlation_id: string | null;
      fqdn: string | null;
      alert_id: string | null;
      event_id: string;
      event_name: string;
      custom_data: components['schemas']['Json'];
    };
    Setting: {
      name: string;
      value: string;
      default_value: string;
      description: string;
      expected: string;
      changed_at: string | null;
    };
    Preview: {
      raises: string[];
      clears: string[];
      unchanged: number;
      past_days: number;
      past_raises_now: number;
      past_raises_then: number;
      unrecorded_change: {
        setting: string;
        /** Format: date-time */
        at: string;
      } | null;
    };
    MonthReport: {
      month: string;
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      until: string;
      is_over: boolean;
      engines: components['schemas']['EngineMonth'][];
      total: components['schemas']['MonthTotal'];
    };
    EngineMonth: {
      fqdn: string;
      covered_percent: number | null;
      longest_gap_hours: number | null;
      gaps: number | null;
      covered_seconds: number | null;
      uncovered_seconds: number | null;
      unwatched_seconds: number | null;
      alerts: number;
      failed_backups: number;
      backups: number;
      dismissals: {
        who: string;
        /** Format: date-time */
        when: string;
        comment: string | null;
      }[];
      last_full_backup_at: string | null;
      can_tell_since: string | null;
    };
    MonthTotal: {
      engines: number;
      untold: number;
      covered_percent: number | null;
      longest_gap_hours: number | null;
      gaps: number | null;
      covered_seconds: number | null;
      uncovered_seconds: number | null;
      unwatched_seconds: number | null;
      alerts: number;
      failed_backups: number;
      backups: number;
      dismissals: {
        who: string;
        /** Format: date-time */
        when: string;
        comment: string | null;
      }[];
      last_full_backup_at: string | null;
    };
    ListedDeadLetter: {
      id: string;
      /** @enum {string} */
      queue: 'ingest' | 'audit' | 'unrouted' | 'webhook' | 'ovirt';
      reason: string | null;
      path: string | null;
      expected: string | null;
      got: string | null;
      received_at: string | null;
      dead_at: string | null;
      exchange: string;
      routing_key: string;
      message_id: string | null;
      user_id: string | null;
      bytes: number;
    };
    WaysOfSigningIn: {
      ways: ('token' | 'oidc')[];
    };
    Session: {
      who: string;
      /** @enum {string} */
      role: 'viewer' | 'operator';
      csrf_token: string | null;
      trial: {
        fqdn: string;
        command: string;
      } | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  get_overview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Overview'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_wall: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** Format: date-time */
            now: string;
            engines: [
              string,
              'no_full_backup' | 'too_old' | 'unknown' | 'stuck' | 'fresh' | 'retired',
              number | null,
            ][];
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_forecast: {
    parameters: {
      query?: {
        hours?: string;
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Forecast'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_engines: {
    parameters: {
      query?: {
        search?: string;
        verdict?: 'fresh' | 'too_old' | 'no_full_backup' | 'unknown' | 'retired';
        share_from?: string;
        share_below?: string;
        sort?: 'worst' | 'fqdn' | 'age';
        cursor?: string;
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EnginesPage'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_engines: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          fqdn: string;
          alert_period_days?: number | string;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EngineAddition'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_engines_fqdn: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        fqdn: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Engine'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patch_engines_fqdn: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        fqdn: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          alert_period_days?: number | string | null;
          broker_user?: string | null;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'changed' | 'unchanged';
            fqdn: string;
            from: string | null;
            to: string | null;
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_engines_fqdn_explanation: {
    parameters: {
      query?: {
        at?: string;
      };
      header?: never;
      path: {
        fqdn: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            components['schemas']['Explanation'] | components['schemas']['PastExplanation'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_engines_fqdn_reports: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
        cursor?: string;
        limit?: string;
      };
      header?: never;
      path: {
        fqdn: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportsPage'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_engines_fqdn_coverage: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
      };
      header?: never;
      path: {
        fqdn: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Coverage'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_engines_fqdn_retirement: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        fqdn: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'retired' | 'already_retired';
            fqdn: string;
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_alerts: {
    parameters: {
      query?: {
        active?: 'true' | 'false';
        fqdn?: string;
        cursor?: string;
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertsPage'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_alerts_id_dismissal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          comment: string;
          until?: string | null;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'dismissed' | 'already_dismissed';
            alert_id: string;
            /** Format: date-time */
            dismissed_at: string;
            dismissed_by: string;
            dismissed_until: string | null;
            dismissal_comment: string | null;
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_alerts_id_dismissal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'ended' | 'not_dismissed';
            alert_id: string;
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_audit: {
    parameters: {
      query?: {
        since?: string;
        until?: string;
        fqdn?: string;
        type?: string;
        severity?: string;
        cursor?: string;
        limit?: string;
        format?: 'csv' | 'jsonl';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
          'text/csv': string;
          'application/x-ndjson': string;
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_settings: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Setting'][];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  put_settings_name: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          value: string | number;
          from?: string | number;
          /** @default false */
          force?: boolean;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            outcome: 'changed' | 'unchanged';
            name: string;
            from: string;
            to: string;
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_settings_preview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          value: string | number;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preview'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_reports_month: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        month: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MonthReport'];
          'text/csv': string;
          'text/html': string;
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_dead_letters: {
    parameters: {
      query?: {
        queue?: 'ingest' | 'audit' | 'unrouted' | 'webhook' | 'ovirt';
        reason?: string;
        path?: string;
        cursor?: string;
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ListedDeadLetter'][];
            next_cursor: string | null;
            total: number;
            groups: {
              /** @enum {string} */
              queue: 'ingest' | 'audit' | 'unrouted' | 'webhook' | 'ovirt';
              reason: string | null;
              path: string | null;
              count: number;
              oldest_at: string | null;
            }[];
            is_complete: boolean;
            broker_unknown: string | null;
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_dead_letters_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            /** @enum {string} */
            queue: 'ingest' | 'audit' | 'unrouted' | 'webhook' | 'ovirt';
            reason: string | null;
            path: string | null;
            expected: string | null;
            got: string | null;
            received_at: string | null;
            dead_at: string | null;
            exchange: string;
            routing_key: string;
            message_id: string | null;
            user_id: string | null;
            bytes: number;
            type: string | null;
            content_type: string | null;
            payload: string | null;
            payload_base64: string | null;
            headers: {
              [key: string]: unknown;
            } | null;
            lines: {
              text: string;
              is_marked: boolean;
            }[];
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_dead_letters_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          comment: string;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            /** @enum {string} */
            outcome: 'replayed' | 'discarded';
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_dead_letters_id_replay: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default null */
          comment?: string | null;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            /** @enum {string} */
            outcome: 'replayed' | 'discarded';
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_system: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            now: string | null;
            services:
              | {
                  name: string;
                  ready: boolean;
                  reasons: {
                    part: string;
                    reason: string;
                  }[];
                  version: string | null;
                }[]
              | null;
            queues:
              | {
                  name: string;
                  messages: number | null;
                  consumers: number | null;
                }[]
              | null;
            lag: {
              ingest_waiting: number | null;
              audit_waiting: number | null;
              proven_at: {
                decision: string | null;
                relay: string | null;
                audit: string | null;
                ingest: string | null;
              };
            } | null;
            outbox: {
              waiting: number;
              set_aside: number;
              oldest_waiting_at: string | null;
              is_late: boolean;
            } | null;
            checker: {
              /** @enum {string} */
              checks:
                | 'disabled'
                | 'never_checked'
                | 'in_time'
                | 'overdue'
                | 'clock_behind'
                | 'settings_unreadable';
              leader: string | null;
              leader_until: string | null;
              last_check: {
                /** Format: date-time */
                at: string;
                engines: number;
                raised: number;
                cleared: number;
              } | null;
              next_check_at: string | null;
            } | null;
            notifier: {
              destinations: {
                destination: string;
                /** Format: date-time */
                seen_at: string;
                served: boolean;
                failing_since: string | null;
                error: string | null;
              }[];
              undelivered: number;
            } | null;
            versions: {
              console: string;
              postgresql: string | null;
              rabbitmq: string | null;
              nodejs: string;
            };
            unknown: {
              /** @enum {string} */
              part: 'services' | 'queues' | 'database';
              reason: string;
            }[];
          };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_events: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | {
                id: string;
                /** @constant */
                event: 'alert';
                data: {
                  /** @description The name of the event at the broker. */
                  event: string;
                  fqdn: string;
                  alert: string;
                  alert_id: string;
                  /** @description Whether GET /audit has its row. */
                  in_audit_log: boolean;
                };
              }
            | {
                id: string;
                /** @constant */
                event: 'report';
                data: {
                  /** @description The name of the event at the broker. */
                  event: string;
                  fqdn: string;
                  scope: string;
                  event_id: string;
                  /** @description Whether GET /audit has its row. */
                  in_audit_log: boolean;
                };
              }
            | {
                id: string;
                /** @constant */
                event: 'setting';
                data: {
                  /** @description The name of the event at the broker. */
                  event: string;
                  name: string;
                  /** @description The engine whose own setting it is; or null. */
                  fqdn: string | null;
                  /** @description Whether GET /audit has its row. */
                  in_audit_log: boolean;
                };
              }
            | {
                id: string;
                /** @constant */
                event: 'engine';
                data: {
                  /** @description The name of the event at the broker. */
                  event: string;
                  fqdn: string;
                  /** @description Whether GET /audit has its row. */
                  in_audit_log: boolean;
                };
              }
            | {
                id: string;
                /** @constant */
                event: 'check';
                data: {
                  last_check_at: string | null;
                };
              }
            | {
                id: string;
                /** @constant */
                event: 'system';
                data: {
                  /** @description Null: something of GET /system has changed. */
                  event: string | null;
                  in_audit_log: boolean;
                };
              }
            | {
                id: string;
                /** @constant */
                event: 'resync';
                data: Record<string, never>;
              };
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_sign_in: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WaysOfSigningIn'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          token: string;
        };
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description a problem */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
