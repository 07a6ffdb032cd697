import type { Strategy } from '../../shared/settings'
import { m } from './messages'

/** What a strategy is called. */
export function strategyName(strategy: Strategy): string {
  switch (strategy) {
    case 'priority':
      return m.settings_strategy_priority()
    case 'round_robin':
      return m.settings_strategy_round_robin()
    case 'weighted':
      return m.settings_strategy_weighted()
    case 'least_used':
      return m.settings_strategy_least_used()
  }
}

/** What it does. */
export function strategyHint(strategy: Strategy): string {
  switch (strategy) {
    case 'priority':
      return m.settings_strategy_priority_hint()
    case 'round_robin':
      return m.settings_strategy_round_robin_hint()
    case 'weighted':
      return m.settings_strategy_weighted_hint()
    case 'least_used':
      return m.settings_strategy_least_used_hint()
  }
}
