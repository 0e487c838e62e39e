-- The parts of the engine's database that matter to a dump with excluded tables: the nine tables with their foreign keys, views
-- and functions that depend on them, others that do not, and the procedure that engine-backup calls.
CREATE TABLE vm_static (vm_id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE async_tasks (task_id int PRIMARY KEY, action_type int NOT NULL);
CREATE TABLE async_tasks_entities (async_task_id int NOT NULL REFERENCES async_tasks ON DELETE CASCADE, entity_id int NOT NULL);
CREATE TABLE job (job_id int PRIMARY KEY, action_type text NOT NULL, status text NOT NULL);
CREATE TABLE job_subject_entity (job_id int NOT NULL REFERENCES job ON DELETE CASCADE, entity_id int NOT NULL);
CREATE TABLE step (
  step_id int PRIMARY KEY,
  parent_step_id int REFERENCES step ON DELETE CASCADE,
  job_id int NOT NULL REFERENCES job ON DELETE CASCADE
);
CREATE TABLE step_subject_entity (step_id int NOT NULL REFERENCES step ON DELETE CASCADE, entity_id int NOT NULL);
CREATE TABLE command_entities (command_id int PRIMARY KEY, job_id int, step_id int);
CREATE TABLE command_assoc_entities (command_id int NOT NULL REFERENCES command_entities ON DELETE CASCADE, entity_id int NOT NULL);
CREATE TABLE business_entity_snapshot (id int PRIMARY KEY, command_id int, entity_snapshot text);
CREATE TABLE engine_backup_log (
  scope varchar(64), done_at timestamptz, is_passed boolean, output_message text, fqdn varchar(255), log_path text,
  PRIMARY KEY (scope, done_at)
);
-- Records every call, since status 0 leaves no row in the log.
CREATE TABLE notice (scope text, status int, output_message text, fqdn text, log_path text);

CREATE VIEW running_jobs AS SELECT job.job_id, action_type, count(step_id) AS steps FROM job LEFT JOIN step USING (job_id) GROUP BY job.job_id;
CREATE VIEW running_vms AS SELECT name, running_jobs.* FROM vm_static JOIN job_subject_entity ON entity_id = vm_id JOIN running_jobs USING (job_id);
CREATE FUNCTION getjobbyjobid(wanted int) RETURNS SETOF job LANGUAGE sql AS 'SELECT * FROM job WHERE job_id = wanted';
CREATE FUNCTION getvmbyid(wanted int) RETURNS SETOF vm_static LANGUAGE sql AS 'SELECT * FROM vm_static WHERE vm_id = wanted';

CREATE FUNCTION LogEngineBackupEvent(v_scope varchar, v_done_at timestamptz, v_status int, v_message text, v_fqdn varchar, v_log_path text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO notice VALUES (v_scope, v_status, v_message, v_fqdn, v_log_path);
  IF v_status <> 0 THEN
    INSERT INTO engine_backup_log VALUES (v_scope, v_done_at, v_status = 1, v_message, v_fqdn, v_log_path);
  END IF;
END $$;

INSERT INTO vm_static SELECT id, 'vm-' || id FROM generate_series(1, 20) id;
INSERT INTO async_tasks SELECT id, 1 FROM generate_series(1, 5) id;
INSERT INTO async_tasks_entities SELECT id, id FROM generate_series(1, 5) id;
INSERT INTO job SELECT id, 'AddVm', 'STARTED' FROM generate_series(1, 5) id;
INSERT INTO job_subject_entity SELECT id, id FROM generate_series(1, 5) id;
INSERT INTO step SELECT id, NULL, id FROM generate_series(1, 5) id;
INSERT INTO step SELECT id + 5, id, id FROM generate_series(1, 5) id;
INSERT INTO step_subject_entity SELECT id, id FROM generate_series(1, 5) id;
INSERT INTO command_entities SELECT id, id, id FROM generate_series(1, 5) id;
INSERT INTO command_assoc_entities SELECT id, id FROM generate_series(1, 5) id;
INSERT INTO business_entity_snapshot SELECT id, id, 'snapshot' FROM generate_series(1, 5) id;
