import type { ParameterSchemas } from './parameter-schema';
import { define } from './runner-types-define';

const timeout = {
  default: 60,
  description: "Action timeout in seconds. Action will get killed if it doesn't finish in timeout seconds.",
  type: 'integer',
} as const;
const kwargOperator = {
  default: '--',
  description: 'Operator to use in front of keyword args i.e. "--" or "-".',
  type: 'string',
} as const;
const sudoPassword = {
  default: null,
  description: 'Sudo password. To be used when passwordless sudo is not allowed.',
  type: 'string',
  secret: true,
  required: false,
} as const;

const local: ParameterSchemas = {
  cwd: { description: 'Working directory where the command will be executed in', type: 'string' },
  env: {
    description: 'Environment variables which will be available to the command(e.g. key1=val1,key2=val2)',
    type: 'object',
  },
  kwarg_op: kwargOperator,
  sudo: { default: false, description: 'The command will be executed with sudo.', type: 'boolean' },
  sudo_password: sudoPassword,
  timeout,
};
const forScripts: ParameterSchemas = {
  debug: {
    description: 'Tell the script to be talkative (ST2_ACTION_DEBUG).',
    type: 'boolean',
    required: false,
    default: false,
  },
  content_version: { description: 'Git revision of the pack to take the file from.', type: 'string', required: false },
};

const remote: ParameterSchemas = {
  bastion_host: {
    description: 'Host to reach the others through, with the same credentials.',
    required: false,
    type: 'string',
  },
  cwd: { default: '/tmp', description: 'Directory on the host to run in.', type: 'string' },
  dir: { default: '/tmp', description: 'Directory on the host that files are copied to.', type: 'string' },
  env: { description: 'Environment variables for the command.', type: 'object' },
  hosts: {
    description: 'Comma-separated hosts, each with an optional port: a.example,b.example:2222.',
    required: true,
    type: 'string',
  },
  kwarg_op: kwargOperator,
  parallel: { default: false, description: 'Run on all hosts at once.', immutable: true, type: 'boolean' },
  passphrase: { description: 'Passphrase of the private key.', required: false, secret: true, type: 'string' },
  password: {
    description: 'Password to log in with; without it a private key is used.',
    required: false,
    secret: true,
    type: 'string',
  },
  port: { description: 'SSH port where the host names none (22).', required: false, type: 'integer' },
  private_key: {
    description: 'Private key to log in with: its text, or the path of its file.',
    required: false,
    secret: true,
    type: 'string',
  },
  sudo: { default: false, description: 'Run with sudo on the host.', type: 'boolean' },
  sudo_password: sudoPassword,
  timeout,
  username: { description: 'User to log in as.', required: false, type: 'string' },
};

const winrm: ParameterSchemas = {
  cwd: { description: 'Directory on the host to run in.', type: 'string' },
  env: { description: 'Environment variables for the command.', type: 'object' },
  host: { description: 'Host to run on.', required: true, type: 'string' },
  kwarg_op: { ...kwargOperator, default: '-' },
  password: { description: 'Password to log in with.', required: true, secret: true, type: 'string' },
  port: { default: 5986, description: 'WinRM port; 5985 goes with scheme http.', required: false, type: 'integer' },
  scheme: { default: 'https', description: 'https, or http with port 5985.', required: false, type: 'string' },
  timeout,
  transport: {
    default: 'ntlm',
    description: 'How WinRM authenticates.',
    required: false,
    type: 'string',
    enum: ['basic', 'certificate', 'credssp', 'kerberos', 'ntlm', 'plaintext', 'ssl'],
  },
  username: { description: 'User to log in as.', required: true, type: 'string' },
  verify_ssl_cert: { default: true, description: "Verify the host's certificate.", type: 'boolean' },
};

const LOCAL = 'A runner to execute local actions as a fixed user.';
const REMOTE = 'A remote execution runner that executes actions as a fixed system user.';
const WINRM = 'A remote execution runner that executes';

/** Runner types that run commands and scripts, here or on other hosts. */
export const SHELL_RUNNER_TYPES = [
  define({
    name: 'local-shell-cmd',
    description: LOCAL,
    package: 'local_runner',
    module: 'local_shell_command_runner',
    parameters: {
      cmd: { description: 'Arbitrary Linux command to be executed on the host.', type: 'string' },
      ...local,
    },
  }),
  define({
    name: 'local-shell-script',
    description: LOCAL,
    package: 'local_runner',
    module: 'local_shell_script_runner',
    parameters: { ...forScripts, ...local },
  }),
  define({
    name: 'remote-shell-cmd',
    description: REMOTE,
    package: 'remote_runner',
    module: 'remote_command_runner',
    parameters: {
      cmd: { description: 'Command to run on the hosts.', type: 'string' },
      ...remote,
      dir: { ...remote['dir'], immutable: true },
    },
  }),
  define({
    name: 'remote-shell-script',
    description: REMOTE,
    package: 'remote_runner',
    module: 'remote_script_runner',
    parameters: remote,
  }),
  define({
    name: 'winrm-cmd',
    description: `${WINRM} a Command Prompt commands via WinRM on a remote host`,
    package: 'winrm_runner',
    module: 'winrm_command_runner',
    parameters: { cmd: { description: 'Command to run on the host.', type: 'string' }, ...winrm },
  }),
  define({
    name: 'winrm-ps-cmd',
    description: `${WINRM} PowerShell commands via WinRM on a remote host`,
    package: 'winrm_runner',
    module: 'winrm_ps_command_runner',
    parameters: { cmd: { description: 'PowerShell command to run on the host.', type: 'string' }, ...winrm },
  }),
  define({
    name: 'winrm-ps-script',
    description: `${WINRM} PowerShell script via WinRM on a set of remote hosts`,
    package: 'winrm_runner',
    module: 'winrm_ps_script_runner',
    parameters: winrm,
  }),
];
