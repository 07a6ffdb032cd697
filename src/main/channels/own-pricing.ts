import type { Channel } from '../../shared/channel'
import type { OwnPricing } from '../../shared/prices'
import { matchingKey } from '../protocols/model-name'

type ByModel = Map<string | null, OwnPricing>

/** Kept by the frozen channel, so that a request that names a model again matches no globs. */
const known = new WeakMap<Channel, ByModel>()
const MOST_MODELS = 500

/** How a channel bills a model otherwise than by the price table; undefined where it does not. `model` as it is sent. */
export function ownPricing(channel: Channel, model: string | null): OwnPricing | undefined {
  if (channel.priceMultiplier === 1 && isEmpty(channel.prices)) return undefined
  let byModel = known.get(channel)
  if (byModel === undefined) known.set(channel, (byModel = new Map<string | null, OwnPricing>()))
  let pricing = byModel.get(model)
  if (pricing === undefined) {
    pricing = pricingOf(channel, model)
    if (byModel.size >= MOST_MODELS) byModel.clear()
    byModel.set(model, pricing)
  }
  return pricing.multiplier === 1 && pricing.own === null ? undefined : pricing
}

function pricingOf({ prices, priceMultiplier }: Channel, model: string | null): OwnPricing {
  const name = model === null ? undefined : matchingKey(Object.keys(prices), model)
  const price = name === undefined ? undefined : prices[name]
  return {
    multiplier: priceMultiplier,
    own: name === undefined || price === undefined ? null : { name, price }
  }
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}
