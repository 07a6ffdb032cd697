import type { HostedTool, SearchLocation } from './canonical'
import { objectIn, textIn } from './foreign-json'
import type { Losses } from './losses'

/** The members of a place, as Anthropic and OpenAI both name them; null where none of them says anything. */
export function decodeLocation(place: unknown): SearchLocation | null {
  const location = {
    city: textIn(place, 'city'),
    region: textIn(place, 'region'),
    country: textIn(place, 'country'),
    timezone: textIn(place, 'timezone')
  }
  return Object.values(location).every((member) => member === null) ? null : location
}

const SIZES = ['low', 'medium', 'high'] as const

/** How much of what is found a model is to be shown, as both of OpenAI's protocols say it. */
export function decodeContextSize(search: unknown): Pick<HostedTool, 'contextSize'> {
  const said = textIn(search, 'search_context_size')
  const contextSize = SIZES.find((size) => size === said)
  return contextSize === undefined ? {} : { contextSize }
}

export const encodeContextSize = ({ contextSize }: HostedTool) =>
  contextSize === null || contextSize === undefined ? {} : { search_context_size: contextSize }

/** Other vendors know no size; `medium` is what OpenAI does by itself. */
export function tellContextSize({ contextSize = null }: HostedTool, losses: Losses): void {
  if (contextSize !== null && contextSize !== 'medium') losses.add('hosted_tool', 'search_context_size of web_search')
}

interface Place {
  city?: string
  region?: string
  country?: string
  timezone?: string
}

export function encodePlace({ city, region, country, timezone }: SearchLocation): Place {
  return {
    ...(city !== null && { city }),
    ...(region !== null && { region }),
    ...(country !== null && { country }),
    ...(timezone !== null && { timezone })
  }
}

/** `user_location` as Anthropic and Responses have it; nothing where the client did not say. */
export const userLocation = (location: SearchLocation | null | undefined) =>
  location === null || location === undefined
    ? {}
    : { user_location: { type: 'approximate' as const, ...encodePlace(location) } }

/** Where a tool of Anthropic or Responses says that the user is. */
export const locationIn = (tool: unknown): SearchLocation | null => decodeLocation(objectIn(tool, 'user_location'))
