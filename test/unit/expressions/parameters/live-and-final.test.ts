import { renderFinalParameters, renderLiveParameters } from '../../../../src/expressions/parameters';
import type { Action } from '../../../../src/model/action';
import type { RunnerType } from '../../../../src/model/runner-type';

const runner = {
  name: 'local-shell-cmd',
  runner_parameters: {
    cmd: { type: 'string' },
    sudo: { type: 'boolean', default: false },
    timeout: { type: 'integer', default: 60 },
  },
} as unknown as RunnerType;
const action = (parameters: object): Action => ({ ref: 'core.echo', parameters }) as unknown as Action;
const context = { action_context: { user: 'stanley' }, config_context: {} };
const echo = action({ cmd: { default: 'echo "{{message}}"' }, message: { type: 'string' }, sudo: { immutable: true } });

test('the recorded template of core.local renders as StackStorm rendered it', () => {
  const cmd = 'echo {{ action_context.user }} {{ st2kv.system.okey | default("none") }} {{ config_context }}';
  expect(renderLiveParameters({ parameters: { cmd }, action: action({}), runner, context })).toEqual({
    cmd: 'echo stanley  {}',
  });
});

test('live parameters are those given, cast', () => {
  expect(
    renderLiveParameters({ parameters: { cmd: 'true', timeout: '10' }, action: action({}), runner, context }),
  ).toEqual({
    cmd: 'true',
    timeout: 10,
  });
});

test('an integer that is none has the recorded message', () => {
  const render = (): unknown =>
    renderLiveParameters({ parameters: { timeout: 'abc' }, action: action({}), runner, context });
  expect(render).toThrow(
    expect.objectContaining({ code: 'INVALID_PARAMETERS', message: "invalid literal for int() with base 10: 'abc'" }),
  );
});

test('final parameters fill defaults, which may name siblings, and are split by owner', () => {
  expect(
    renderFinalParameters({ parameters: { message: 'hi {{ action_context.user }}' }, action: echo, runner, context }),
  ).toEqual({
    runnerParameters: { cmd: 'echo "hi stanley"', sudo: false, timeout: 60 },
    actionParameters: { message: 'hi stanley' },
  });
});

test('a cycle and a missing name fail', () => {
  const render = (parameters: Record<string, string>): unknown =>
    renderFinalParameters({ parameters, action: echo, runner, context });
  expect(() => render({ cmd: '{{ message }}', message: '{{ cmd }}' })).toThrow(
    expect.objectContaining({ code: 'EXPRESSION_FAILED' }),
  );
  expect(() => render({ cmd: '{{ gone }}' })).toThrow(
    expect.objectContaining({ message: expect.stringContaining("'gone' is undefined") as string }),
  );
});
