import { m } from '../messages'

const names: Readonly<Record<string, () => string>> = {
  name: m.channels_field_name,
  protocol: m.channels_field_protocol,
  baseUrl: m.channels_field_url,
  models: m.channels_field_models,
  modelMap: m.channels_field_model_map,
  priority: m.channels_field_priority,
  weight: m.channels_field_weight,
  headers: m.channels_field_headers,
  timeouts: m.channels_field_timeouts,
  askForUsage: m.channels_field_ask_usage,
  budget: m.common_budget,
  prices: m.channels_field_prices,
  priceMultiplier: m.channels_field_multiplier
}

/** What the page calls a field of a channel; one that it has no field for by its own name. */
export const fieldName = (field: string): string => names[field]?.() ?? field
