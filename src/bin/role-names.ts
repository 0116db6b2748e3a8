/**
 * Roles in the order in which they start; they stop in the opposite one: what takes work in comes up last and goes down first.
 */
export const ROLE_NAMES = ['audit', 'worker', 'rules', 'api', 'sensors'] as const;
/** Consumer group of the rule service. Never change: its place in the log is kept under it. */
export const rulesGroup = (topicPrefix: string): string => `${topicPrefix}.rules`;

/** That of the condition service. Never change. */
export const conditionsGroup = (topicPrefix: string): string => `${topicPrefix}.conditions`;

export type RoleName = (typeof ROLE_NAMES)[number];

export const isRoleName = (text: string): text is RoleName => (ROLE_NAMES as readonly string[]).includes(text);
