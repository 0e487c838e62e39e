import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readFileSync } from 'node:fs';

/** Why a part is not ready; undefined while it is. */
export type UnreadyReason = string | undefined;

/** Checks of the parts that have to be ready before the service is, by name. */
export type ReadinessChecks = Readonly<
  Record<string, () => UnreadyReason | Promise<UnreadyReason>>
>;

export const READINESS_CHECKS = Symbol('readiness checks');

const ANSWER_WITHIN_MS = 7_000;

/** The version of the product: all packages have the same. Read when the service starts, since an upgrade replaces the file. */
export const PRODUCT_VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  }
).version;

@Controller('health')
export class HealthController {
  constructor(@Inject(READINESS_CHECKS) private readonly checks: ReadinessChecks) {}

  /** The process runs and answers; and which version it is. */
  @Get('live')
  live(): { status: 'live'; version: string } {
    return { status: 'live', version: PRODUCT_VERSION };
  }

  /** 200 while the service can do its work, else 503 with the unready reasons. */
  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const entries = await Promise.all(
      Object.entries(this.checks).map(async ([name, check]) => [name, await ask(check)] as const),
    );
    const isReady = entries.every(([, unreadyReason]) => unreadyReason === undefined);
    const checks = Object.fromEntries(
      entries.map(([name, unreadyReason]) => [name, unreadyReason ?? 'ok']),
    );
    await reply
      .status(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : 'not ready', checks });
  }
}

async function ask(check: () => UnreadyReason | Promise<UnreadyReason>): Promise<UnreadyReason> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<UnreadyReason>((resolve) => {
    timer = setTimeout(
      () => resolve(`no answer within ${ANSWER_WITHIN_MS / 1000} s`),
      ANSWER_WITHIN_MS,
    );
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
