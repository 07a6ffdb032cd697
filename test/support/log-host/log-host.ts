import { parentPort, type MessagePort } from 'node:worker_threads'
import { serveLog } from '../../../src/main/storage/logs/serve-log'

/** Entry of a thread that is the log worker of many gateways, each with a port and a `LogService` of its own. */
parentPort?.on('message', (port: MessagePort) => serveLog(port, () => port.close()))
