import type { Tool } from './canonical'

/**
 * Each tool of the vendor's once, under whichever of its names and versions a client declared it (Gemini has two for its search):
 * to others they are one, and a name that is there twice is refused.
 */
export function hostedOnce(tools: readonly Tool[]): readonly Tool[] {
  const seen = new Set<string>()
  return tools.filter((tool) => {
    if (tool.kind !== 'hosted') return true
    const isFirst = !seen.has(tool.tool)
    seen.add(tool.tool)
    return isFirst
  })
}
