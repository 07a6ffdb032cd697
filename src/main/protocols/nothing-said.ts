/**
 * Stands for a user's turn where a vendor wants one and the client sent none, or one of nothing but space: a conversation that is
 * empty, or that does not begin with the user, is refused.
 */
export const NOTHING_SAID = '[nothing was said]'
