import { parentPort } from 'node:worker_threads'
import { serveLog } from './logs/serve-log'

/**
 * Entry of the thread that owns logs.db. `logs/log-worker-link.ts` starts it, and starts it again when it ends by itself:
 * what was not committed then stands in the journal.
 */
if (parentPort === null) throw new Error('the log worker is no program of its own')
serveLog(parentPort, () => process.exit(1))
