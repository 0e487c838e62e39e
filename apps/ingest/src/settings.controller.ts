import {
  readBackupSettings,
  SETTINGS_QUEUE,
  type BackupSettings,
} from '@backup-awareness/contracts';
import { readOptions } from '@backup-awareness/database';
import { REPLIES } from '@backup-awareness/messaging';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';

@Controller()
export class SettingsController {
  constructor(private readonly dataSource: DataSource) {}

  /** Tells an engine host which tables to leave out of its dump. Where they cannot be told it gets no answer, and uses what it has. */
  @MessagePattern(SETTINGS_QUEUE, REPLIES)
  async settings(): Promise<BackupSettings> {
    const options = await readOptions(this.dataSource);
    const stored = Object.fromEntries(options.map(({ name, value }) => [name, value]));
    const settings = readBackupSettings(stored);
    if (!settings.ok) throw new Error(settings.invalid.reason);
    return settings.value;
  }
}
