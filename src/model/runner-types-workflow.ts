import { ANYTHING, define } from './runner-types-define';

const orquesta = {
  description: 'A runner for executing orquesta workflow.',
  module: 'orquesta_runner',
  parameters: {
    notify: {
      type: 'array' as const,
      description: 'List of tasks to trigger notifications for.',
      uniqueItems: true,
      items: { type: 'string', minLength: 1, pattern: '^\\w+$' },
      default: [],
    },
  },
  outputKey: 'output',
  outputSchema: {
    type: 'object',
    properties: {
      errors: { anyOf: [{ type: 'object' }, { type: 'array' }] },
      output: { anyOf: ANYTHING },
    },
    additionalProperties: false,
  },
  traits: { workflow: true },
};

/** Runner types whose actions are workflows, or wait for people. */
export const WORKFLOW_RUNNER_TYPES = [
  define({
    name: 'action-chain',
    description: 'A runner for launching linear action chains.',
    module: 'action_chain_runner',
    parameters: {
      display_published: { default: true, description: 'Show published variables in the result.', type: 'boolean' },
      skip_notify: { default: [], description: 'Tasks without notifications.', type: 'array' },
    },
    outputKey: 'published',
    outputSchema: {
      type: 'object',
      properties: { published: { type: 'object' }, tasks: { type: 'array' } },
      additionalProperties: false,
    },
    traits: { workflow: true },
  }),
  define({ name: 'orquesta', ...orquesta }),
  define({ name: 'orchestra', ...orquesta, package: 'orquesta_runner' }),
  define({
    name: 'inquirer',
    description: 'A runner for Inquiries',
    module: 'inquirer_runner',
    parameters: {
      schema: {
        default: {
          title: 'response_data',
          type: 'object',
          properties: {
            continue: {
              type: 'boolean',
              description: 'Would you like to continue the workflow?',
              required: true,
            },
          },
        },
        required: true,
        description: 'A JSON schema that will be used to validate the response data',
        type: 'object',
      },
      route: {
        default: '',
        required: false,
        description: 'An arbitrary value for allowing rules to route to proper notification channel',
        type: 'string',
      },
      roles: {
        default: [],
        required: false,
        description:
          'A list of roles that are permitted to respond to the action (if nothing provided, all are permitted) - REQUIRES RBAC FEATURES',
        type: 'array',
      },
      users: {
        default: [],
        required: false,
        description:
          'A list of usernames that are permitted to respond to the action (if nothing provided, all are permitted)',
        type: 'array',
      },
      ttl: {
        default: 1440,
        required: true,
        description: 'Time (in minutes) to wait before timing out the inquiry if no response is received',
        type: 'integer',
      },
    },
    traits: { effectFree: true },
  }),
];
