import { Losses } from '../src/main/protocols/losses'
import { fitToolNames } from '../src/main/protocols/tool-names'
import type { JsonObject } from '../src/main/protocols/foreign-json'
import { jsonBytes } from '../src/main/protocols/json-bytes'
import { translators } from '../src/main/protocols/translators'
import { PROTOCOLS, type ProtocolId } from '../src/shared/protocol'
import { percentilesOf } from './percentiles.ts'
import { figure, table } from './table.ts'
import { longConversation } from './long-conversation.ts'

const BYTES = 1_000_000
const WARM_UP = 10
const RUNS = 50

/** One request on its way to a channel of another protocol, its JSON already read. */
function translate(body: JsonObject, from: ProtocolId, to: ProtocolId): Buffer {
  const losses = new Losses()
  const decoded = translators[from].decodeRequest(body, losses)
  const { conversation } = fitToolNames(decoded, translators[to].toolNames)
  const target = { model: 'claude-opus-5-5', stream: true, quirks: {} }
  return jsonBytes(translators[to].encodeRequest(conversation, target, losses))
}

function measure(from: ProtocolId, to: ProtocolId): readonly string[] {
  const target = { model: 'claude-opus-5-5', stream: true, quirks: {} }
  const body = translators[from].encodeRequest(longConversation(BYTES), target, new Losses())
  const json = JSON.stringify(body)
  const wall: number[] = []
  const cpu: number[] = []
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    // Read anew, as each request is: strings that were looked at before cost less.
    const read = JSON.parse(json) as JsonObject
    const cpuBefore = process.cpuUsage()
    const before = performance.now()
    translate(read, from, to)
    if (run < WARM_UP) continue
    wall.push(performance.now() - before)
    const { user, system } = process.cpuUsage(cpuBefore)
    cpu.push((user + system) / 1000)
  }
  return [
    `${from} → ${to}`,
    figure(Buffer.byteLength(json)),
    figure(percentilesOf(wall).p50, 1),
    figure(Math.max(...wall), 1),
    figure(percentilesOf(cpu).p50, 1)
  ]
}

const rows = PROTOCOLS.flatMap((from) => PROTOCOLS.filter((to) => to !== from).map((to) => measure(from, to)))
console.log(table(['pair', 'bytes', 'p50 ms', 'max ms', 'CPU p50 ms'], rows))
