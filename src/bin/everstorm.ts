#!/usr/bin/env node
import { processEnvironment } from '../config/environment';
import { buildCli } from '../cli/build-cli';
import { addPlatformCommands } from './platform-commands';
import { terminal } from './terminal';

const io = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
  env: processEnvironment(),
  ...terminal(),
};

void buildCli(io, (program) => addPlatformCommands(program, io))
  .run(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
    // What a command left open (a pooled connection) must not hold the process.
    setTimeout(() => process.exit(), 2_000).unref();
  });
