import type { Verdict } from '../protocols/protocol'

/** An upstream's words go into log, health and events; should they quote the channel's credential, it is taken out. */
export function withoutCredential(verdict: Verdict, credential: string | undefined): Verdict {
  if (verdict.kind === 'ok' || credential === undefined || !verdict.message.includes(credential)) return verdict
  return { ...verdict, message: verdict.message.replaceAll(credential, '[credential]') }
}
