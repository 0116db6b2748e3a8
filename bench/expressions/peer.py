"""Answers each line on standard input, `<engine> <kind> <milliseconds>`, with how often a second it does all cases."""
import json
import sys
import time

import jinja2
import jinja2.sandbox
import yaql
from yaql.language import factory

cases = json.loads(sys.stdin.readline())
context = cases["context"]


def environment():
    return jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, cache_size=0
    )


jinja = environment()
templates = [jinja.from_string(text) for text in cases["templates"]]
engine = factory.YaqlFactory().create()
expressions = [engine(text) for text in cases["yaql"]]
root = yaql.create_context()


def jinja_compiled():
    for template in templates:
        template.render(context)


def jinja_first():
    for text in cases["templates"]:
        jinja.from_string(text).render(context)


def yaql_compiled():
    for expression in expressions:
        expression.evaluate(data=context, context=root.create_child_context())


def yaql_first():
    for text in cases["yaql"]:
        engine(text).evaluate(data=context, context=root.create_child_context())


work = {
    ("jinja2", "compiled"): jinja_compiled,
    ("jinja2", "first"): jinja_first,
    ("yaql", "compiled"): yaql_compiled,
    ("yaql", "first"): yaql_first,
}
for line in sys.stdin:
    name, kind, milliseconds = line.split()
    do = work[(name, kind)]
    started = time.perf_counter()
    rounds = 0
    while True:
        do()
        rounds += 1
        seconds = time.perf_counter() - started
        if seconds * 1000 >= float(milliseconds):
            break
    print(rounds / seconds, flush=True)
