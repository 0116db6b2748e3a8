import type { Command } from 'commander';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';

const SHELLS = ['bash', 'zsh', 'fish'];

/** `completion bash|zsh|fish`: a script to source; it completes commands and their subcommands. */
export function addCompletion(program: Command, io: CliIo): void {
  program
    .command('completion <shell>')
    .description('script that completes commands in bash, zsh or fish')
    .action((shell: string) => {
      if (!SHELLS.includes(shell)) throw new CliError(`expected one of ${SHELLS.join(', ')}`, EXIT.usage);
      io.stdout(script(shell, tree(program)));
    });
}

const tree = (program: Command): Map<string, string[]> =>
  new Map(program.commands.map((command) => [command.name(), command.commands.map((inner) => inner.name())]));

function script(shell: string, commands: Map<string, string[]>): string {
  const names = [...commands.keys()].join(' ');
  const groups = [...commands].filter(([, inner]) => inner.length > 0);
  if (shell === 'fish') {
    const inner = groups.map(
      ([name, words]) =>
        `complete -c everstorm -f -n '__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${words.join(' ')}' -a '${words.join(' ')}'\n`,
    );
    return `complete -c everstorm -f -n __fish_use_subcommand -a '${names}'\n${inner.join('')}`;
  }
  const cases = groups.map(([name, words]) => `    ${name}) words="${words.join(' ')}" ;;\n`).join('');
  const bash = `_everstorm() {
  local words=""
  case "\${COMP_WORDS[1]}" in
${cases}  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${names}"
  [ "$COMP_CWORD" -gt 2 ] && words=""
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _everstorm everstorm
`;
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash}` : bash;
}
