import type { NetworkInterfaceInfo } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { watchNetwork } from './network-watch'

const at = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '',
  mac: '',
  cidr: null
})

function watch(machine: Record<string, NetworkInterfaceInfo[]>) {
  const clock = new FakeClock()
  const seen = { changes: 0 }
  const stop = watchNetwork({ clock, interfaces: () => machine, onChange: () => seen.changes++ })
  onTestFinished(stop)
  return { clock, seen, stop }
}

test('B43 another address is seen within five seconds, once', () => {
  const machine = { lo: [at('127.0.0.1', true)], wlan0: [at('192.168.1.4')] }
  const { clock, seen } = watch(machine)
  clock.advance(60_000)
  expect(seen.changes).toBe(0)
  machine.wlan0 = [at('10.0.0.9')]
  clock.advance(5000)
  expect(seen.changes).toBe(1)
  machine.wlan0 = []
  clock.advance(60_000)
  expect(seen.changes).toBe(2)
})

test('B43 neither loopback nor the link-local addresses of containers are a change', () => {
  const machine: Record<string, NetworkInterfaceInfo[]> = { wlan0: [at('192.168.1.4')] }
  const { clock, seen } = watch(machine)
  machine['veth1'] = [at('fe80::1'), at('169.254.7.7')]
  machine['lo'] = [at('127.0.0.1', true)]
  clock.advance(60_000)
  expect(seen.changes).toBe(0)
})

test('stopped, it leaves no timer behind', () => {
  const { clock, stop } = watch({})
  stop()
  expect(clock.pendingTimers).toBe(0)
})
