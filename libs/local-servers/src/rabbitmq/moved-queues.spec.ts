import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pointQueuesTo } from './moved-queues.js';

const NODE = 'backup-awareness@localhost';
const KNOWN = '/proc/self/cwd/data';
const POINTED = `#{data_dir => "${KNOWN}/${NODE}/quorum/${NODE}/QUEUE"}.`;

let data: string;
let config: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'moved-queues-'));
  config = join(data, NODE, 'quorum', NODE, 'QUEUE', 'config');
  mkdirSync(dirname(config), { recursive: true });
});
afterEach(() => rmSync(data, { recursive: true }));

it.each([
  ['of another folder', `"/run/rabbitmq/data/${NODE}/quorum/${NODE}/QUEUE"`],
  ['that Erlang printed in pieces', `"/run/rabbitmq/data/${NODE}"\n  "/quorum/${NODE}/QUEUE"`],
  ['with a letter of Latin-1', `"/tmp/f\xfcr/rabbitmq/data/${NODE}/quorum/${NODE}/QUEUE"`],
  ['with a quote in it', String.raw`"/tmp/\"a\\b/rabbitmq/data/${NODE}/quorum/${NODE}/QUEUE"`],
  ['that is right already', `"${KNOWN}/${NODE}/quorum/${NODE}/QUEUE"`],
])('a queue with a path %s uses the folder of its node', (_, path) => {
  writeFileSync(config, `#{data_dir => ${path}}.`, 'latin1');
  pointQueuesTo(data, KNOWN);
  expect(readFileSync(config, 'latin1')).toBe(POINTED);
});

it('a file of RabbitMQ 4, which names no folder, is left as it is', () => {
  writeFileSync(config, "#{id => {'QUEUE','backup-awareness@localhost'},uid => <<\"QUEUE\">>}.");
  pointQueuesTo(data, KNOWN);
  expect(readFileSync(config, 'utf8')).toBe(
    "#{id => {'QUEUE','backup-awareness@localhost'},uid => <<\"QUEUE\">>}.",
  );
});

it.each([
  ['is empty', ''],
  ['was cut off before its path', `#{cluster_name => 'QUEUE',\n  `],
  ['was cut off after its uid', "#{id => {'QUEUE','backup-awareness@localhost'},uid => <<\"QUEUE"],
  ['has neither path nor uid', "#{id => {'QUEUE','backup-awareness@localhost'}}."],
])('a file that %s is left as it is, and named', (_, text) => {
  writeFileSync(config, text);
  expect(() => pointQueuesTo(data, KNOWN)).toThrow(`${config} does not say where`);
  expect(readFileSync(config, 'utf8')).toBe(text);
});

it('a file with a path that is no node’s is left as it is, and named', () => {
  writeFileSync(config, '#{data_dir => "/elsewhere"}.');
  expect(() => pointQueuesTo(data, KNOWN)).toThrow(`${config} does not say where`);
  expect(readFileSync(config, 'utf8')).toBe('#{data_dir => "/elsewhere"}.');
});
