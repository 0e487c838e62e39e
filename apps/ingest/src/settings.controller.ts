import {
  MAX_ENGINES_IN_ANSWER,
  readBackupSettings,
  SETTINGS_QUEUE,
  type BackupSettingsAnswer,
} from '@backup-awareness/contracts';
import { readEnginesOf, readOptions } from '@backup-awareness/database';
import { REPLIES, type BrokerRequest } from '@backup-awareness/messaging';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';

@Controller()
export class SettingsController {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Tells an engine host which tables to exclude from its dump, and about which engines it may report. If a stored setting is invalid the
   * answer says why, and the host uses its built-in list: without an answer it would use the previous settings, which an administrator may
   * just have changed.
   */
  @MessagePattern(SETTINGS_QUEUE, REPLIES)
  async settings({ userId }: BrokerRequest): Promise<BackupSettingsAnswer> {
    // Not both at once: as this is asked every half a minute (AnswerProof), that would keep a second connection, 4 MiB at the server.
    const options = await readOptions(this.dataSource);
    const engines = await this.enginesOf(userId);
    const stored = Object.fromEntries(options.map(({ name, value }) => [name, value]));
    const settings = readBackupSettings(stored);
    const answer = settings.ok ? settings.value : { error: settings.invalid.reason };
    const isTold = engines.length > 0 && engines.length <= MAX_ENGINES_IN_ANSWER;
    return isTold ? { ...answer, engines } : answer;
  }

  private async enginesOf(userId: string | undefined): Promise<readonly string[]> {
    if (userId === undefined) return [];
    return readEnginesOf(this.dataSource, userId, MAX_ENGINES_IN_ANSWER + 1);
  }
}
