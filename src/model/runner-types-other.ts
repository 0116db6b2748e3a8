import { ANYTHING, define } from './runner-types-define';

/** The other runner types: HTTP, Python, announcements, nothing. */
export const OTHER_RUNNER_TYPES = [
  define({
    name: 'http-request',
    description: 'HTTP client for running HTTP actions.',
    module: 'http_runner',
    parameters: {
      allow_redirects: { default: false, description: 'Follow redirects.', type: 'boolean' },
      cookies: { description: 'Cookies to send.', type: 'object' },
      headers: { description: 'Headers to send.', type: 'object' },
      http_proxy: { description: 'URL of the proxy for http URLs.', type: 'string' },
      https_proxy: { description: 'URL of the proxy for https URLs.', type: 'string' },
      password: { description: 'Password for basic authentication.', type: 'string', secret: true },
      url: { description: 'URL to ask.', required: true, type: 'string' },
      username: { description: 'User name for basic authentication.', type: 'string' },
      verify_ssl_cert: { default: true, description: "Verify the server's certificate.", type: 'boolean' },
      url_hosts_blacklist: {
        description: 'Hosts that are refused.',
        required: false,
        type: 'array',
        items: { type: 'string' },
      },
      url_hosts_whitelist: {
        description: 'The only hosts allowed.',
        required: false,
        type: 'array',
        items: { type: 'string' },
      },
    },
    outputKey: 'body',
    outputSchema: {
      type: 'object',
      properties: {
        status_code: { type: 'integer' },
        body: { anyOf: ANYTHING },
        parsed: { type: 'boolean' },
        headers: { type: 'object' },
      },
      additionalProperties: false,
    },
  }),
  define({
    name: 'python-script',
    description: 'A runner for launching python actions.',
    module: 'python_runner',
    parameters: {
      debug: { description: 'Run in debug mode.', type: 'boolean', required: false, default: false },
      content_version: {
        description: 'Git revision of the pack to take the file from.',
        type: 'string',
        required: false,
      },
      env: { description: 'Environment variables for the action.', type: 'object' },
      timeout: { default: 600, description: 'Seconds until the action is killed.', type: 'integer' },
      log_level: {
        default: 'DEBUG',
        description: "Lowest level of the action's log that is kept.",
        type: 'string',
        enum: ['AUDIT', 'CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'],
      },
    },
    outputKey: 'result',
    outputSchema: {
      type: 'object',
      properties: {
        result: { anyOf: ANYTHING },
        stderr: { type: 'string', required: true },
        stdout: { type: 'string', required: true },
        exit_code: { type: 'integer', required: true },
      },
      additionalProperties: false,
    },
  }),
  define({
    name: 'announcement',
    description: 'A runner for emitting an announcement event on the stream.',
    module: 'announcement_runner',
    parameters: {
      experimental: {
        default: false,
        description: 'Flag to indicate acknowledgment of using experimental runner',
        required: true,
        type: 'boolean',
      },
      route: {
        default: 'general',
        description:
          'The routing_key used to route the message to consumers. Might be a list of words, delimited by dots.',
        maxLength: 255,
        minLength: 1,
        type: 'string',
      },
    },
  }),
  define({
    name: 'noop',
    description: 'A runner that returns a static response regardless of input parameters',
    module: 'noop_runner',
    parameters: {},
    traits: { effectFree: true },
  }),
];
