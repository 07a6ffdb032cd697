/**
 * The order of what happens on one channel: tries beginning and states beginning draw from one counter. A verdict of a try
 * that began before the present state did speaks of the time before and is stale to it: thirty requests in flight that all
 * come back with 429 are one cooldown, not thirty, and none of them brings back what a success or the user has ended since.
 */
export type Moment = number
