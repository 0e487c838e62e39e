import type { TellSpell } from '../unknown/telling-outages.js';
import { composeMail } from './compose-mail.js';
import { mailEntries } from './mail-entries.js';
import type { MailOptions } from './mail.js';

/** Mails a spell. */
export function spellByMail({ mailer, domain, links }: Omit<MailOptions, 'db'>): TellSpell {
  return async (spell, change, now, signal) => {
    const news = mailEntries([{ subjectId: spell.unknownId, change }], [], [spell]);
    const messageId = `<${spell.unknownId}-${change}@${domain}>`;
    const mailed = await mailer(composeMail(news, now, links), messageId, signal);
    return mailed.outcome === 'accepted' ? null : mailed.error;
  };
}
