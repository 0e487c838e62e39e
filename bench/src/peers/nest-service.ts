import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Ctx,
  EventPattern,
  Payload,
  RmqContext,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Column, Entity, PrimaryGeneratedColumn, Repository, Unique } from 'typeorm';

/**
 * The peer: the service that the framework's documentation suggests, with its own transport and repository, manual
 * acknowledgement, a prefetch of 100, and `save()` for each message. A unique key keeps each report once.
 */
const { AMQP_URL = '', DATABASE_URL = '', QUEUE = '' } = process.env;
const UNIQUE_VIOLATION = '23505';

@Entity('peer_report')
@Unique(['fqdn', 'eventId'])
class PeerReport {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: 'varchar', length: 255 }) fqdn!: string;
  @Column({ type: 'text' }) eventId!: string;
  @Column({ type: 'varchar', length: 64 }) scope!: string;
  @Column({ type: 'timestamptz' }) doneAt!: Date;
  @Column({ type: 'boolean', nullable: true }) isPassed!: boolean | null;
  @Column({ type: 'text' }) outputMessage!: string;
  @Column({ type: 'text' }) logPath!: string;
}

interface Report {
  readonly id: string;
  readonly scope: string;
  readonly done_at: string;
  readonly status: number;
  readonly output_message: string;
  readonly fqdn: string;
  readonly log_path: string;
}

@Controller()
class ReportsController {
  constructor(@InjectRepository(PeerReport) private readonly reports: Repository<PeerReport>) {}

  @EventPattern<string>('ENGINE_BACKUP')
  async store(@Payload() report: Report, @Ctx() context: RmqContext): Promise<void> {
    const row = this.reports.create({
      eventId: report.id,
      fqdn: report.fqdn,
      scope: report.scope,
      doneAt: new Date(report.done_at),
      isPassed: report.status === 0 ? null : report.status === 1,
      outputMessage: report.output_message,
      logPath: report.log_path,
    });
    try {
      await this.reports.save(row);
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    }
    context.getChannelRef().ack(context.getMessage());
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: DATABASE_URL,
      entities: [PeerReport],
      synchronize: true,
      installExtensions: false,
    }),
    TypeOrmModule.forFeature([PeerReport]),
  ],
  controllers: [ReportsController],
})
class PeerModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(PeerModule, {
  logger: ['error'],
  transport: Transport.RMQ,
  options: {
    urls: [AMQP_URL],
    queue: QUEUE,
    noAck: false,
    prefetchCount: 100,
    queueOptions: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
  },
});
app.enableShutdownHooks();
await app.listen();
