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

  /**
   * Tells an engine host which tables to leave out of its dump. Where what is stored is refused it is told why, and uses its built-in list:
   * without an answer it would use the one before, which may be just what an administrator has changed.
   */
  @MessagePattern(SETTINGS_QUEUE, REPLIES)
  async settings(): Promise<BackupSettings | { readonly error: string }> {
    const options = await readOptions(this.dataSource);
    const stored = Object.fromEntries(options.map(({ name, value }) => [name, value]));
    const settings = readBackupSettings(stored);
    return settings.ok ? settings.value : { error: settings.invalid.reason };
  }
}
